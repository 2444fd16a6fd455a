/** What a lazy element does as it comes nearer the view: first it opens the way to its portal, then it loads. */

/** How near the view the way is opened: about a screen ahead of the frame. */
const PRECONNECT_MARGIN = '1200px';

/** How near the view the frame is built. */
const LOAD_MARGIN = '400px';

const connected = new Set<string>();

/** Waits for `element` to come near, until the returned function is called. */
export function onApproach(element: Element, origin: string, load: () => void): () => void {
  const observers = [
    whenWithin(PRECONNECT_MARGIN, element, () => preconnect(origin)),
    whenWithin(LOAD_MARGIN, element, load),
  ];
  return () => observers.forEach((observer) => observer.disconnect());
}

function whenWithin(rootMargin: string, element: Element, then: () => void): IntersectionObserver {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      then();
    },
    // Named, as a margin around the browser's own choice is cut off where the page itself is in a frame.
    { root: document, rootMargin },
  );
  observer.observe(element);
  return observer;
}

/** DNS, TCP and TLS ahead of `embed.js` and the frame. Once per portal and page: a link left behind costs nothing. */
function preconnect(origin: string): void {
  if (connected.has(origin)) return;
  connected.add(origin);
  const link = document.createElement('link');
  link.rel = 'preconnect';
  link.href = origin;
  document.head.append(link);
}
