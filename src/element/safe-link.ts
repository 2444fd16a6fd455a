/** Where a link of the operator may lead. */

/** An https, mailto or tel address, or one on this page's own origin; `null` for everything else. */
export function safeLink(link: string): URL | null {
  if (!URL.canParse(link, document.baseURI)) return null;
  const url = new URL(link, document.baseURI);
  const safe = url.origin === location.origin || ['https:', 'mailto:', 'tel:'].includes(url.protocol);
  // "//elsewhere" and "\\elsewhere" look relative and are not: only what names its scheme may leave this origin.
  return safe && (url.origin === location.origin || URL.canParse(link)) ? url : null;
}

/** As the vendor would: a new tab, unless the checkout itself takes the whole window. */
export function followLink(url: URL, target: string): void {
  const opensHere = target === '_top' || url.protocol === 'mailto:' || url.protocol === 'tel:';
  if (opensHere) location.assign(url.href);
  else open(url.href, '_blank', 'noopener');
}
