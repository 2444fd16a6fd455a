/** Where a link of the operator may lead. */
import { parseUrl } from '../protocol/url.js';

/** An https, mailto or tel address, or a page of this origin; `null` for everything else. */
export function safeLink(link: string): URL | null {
  const url = parseUrl(link, document.baseURI);
  if (url === null) return null;
  // A blob has the origin of the page that made it, and a sandboxed page shares its own, "null", with any script.
  const isOwn = ['https:', 'http:'].includes(url.protocol) && url.origin === location.origin;
  // "//elsewhere" and "\\elsewhere" look relative and are not: only what names its scheme may leave this origin.
  const isNamed = ['https:', 'mailto:', 'tel:'].includes(url.protocol) && parseUrl(link) !== null;
  return isOwn || isNamed ? url : null;
}

/** As the vendor would: a new tab, unless the checkout itself takes the whole window. */
export function followLink(url: URL, target: string): void {
  const opensHere = target === '_top' || url.protocol === 'mailto:' || url.protocol === 'tel:';
  if (opensHere) location.assign(url.href);
  else open(url.href, '_blank', 'noopener');
}
