/** Opens the way to a portal before its frame is wanted. */

/** How near the view the way is opened. */
const APPROACH = '1200px';

const opened = new Set<string>();

/**
 * DNS, TCP and TLS ahead of `embed.js` and the frame, once per portal and page. The caller disconnects the
 * observer when nothing is wanted any more.
 */
export function preconnectOnApproach(element: Element, origin: string): IntersectionObserver {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      preconnect(origin);
    },
    // The document: of the browser's own choice the margin is cut off where the page itself is in a frame.
    { root: document, rootMargin: APPROACH },
  );
  observer.observe(element);
  return observer;
}

function preconnect(origin: string): void {
  if (opened.has(origin)) return;
  opened.add(origin);
  const link = document.createElement('link');
  link.rel = 'preconnect';
  link.href = origin;
  document.head.append(link);
}
