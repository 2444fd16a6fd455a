/** The room a frame took at its last visit, kept from its next one on: what is below it does not move again. */

const KEY = 'checkout-embed:heights';

/** Pixels; 0 where nothing is known. */
export function rememberedHeight(url: URL): number {
  const px = read()[nameOf(url)];
  // Somebody else may have written there.
  return typeof px === 'number' && px > 0 && px < 1e4 ? px : 0;
}

/** Notes how high a frame is, until the returned function is called. */
export function rememberHeight(frame: HTMLIFrameElement, url: URL): () => void {
  const observer = new ResizeObserver(() => {
    const px = frame.offsetHeight;
    if (px === 0 || px === rememberedHeight(url)) return;
    const others = Object.entries(read()).filter(([name]) => name !== nameOf(url));
    // The last twenty: a page has few, and the oldest go first.
    const kept = [...others, [nameOf(url), px]].slice(-20);
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // Full or forbidden: the next visit reserves what the page says.
    }
  });
  observer.observe(frame);
  return () => observer.disconnect();
}

/** A narrow window has other heights than a wide one, and one item than all. The rest of a query may be a secret. */
function nameOf({ origin, pathname, searchParams }: URL): string {
  return `${origin}${pathname} ${searchParams.get('item') ?? ''} ${Math.round(innerWidth / 200)}`;
}

function read(): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
