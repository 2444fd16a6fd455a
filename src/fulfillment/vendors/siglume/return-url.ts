/** Where may Siglume send the buyer back to? Its own SDK lets even `javascript:` pass, so we look before it is sent. */
import { isSafeUrl, parseUrl } from '../../../protocol/index.js';

/**
 * An entry of `checkout_allowed_origins`, as Siglume normalizes it.
 * @returns `null` for what is no absolute https URL (or http on a loopback name), or names a user.
 */
export function readReturnOrigin(value: unknown): string | null {
  return parseSafe(value)?.origin ?? null;
}

/**
 * The URL, if it lies on one of the origins; else `null`. A fragment is dropped: what Siglume adds to the query
 * would stand behind it.
 * @param origins As {@link readReturnOrigin} gives them.
 */
export function acceptReturnUrl(value: unknown, origins: readonly string[]): string | null {
  const url = parseSafe(value);
  if (url === null || !origins.includes(url.origin)) return null;
  url.hash = '';
  return url.href;
}

function parseSafe(value: unknown): URL | null {
  if (typeof value !== 'string' || value.length > 2048) return null;
  const url = parseUrl(value);
  if (url === null || url.username !== '' || url.password !== '') return null;
  return isSafeUrl(url) ? url : null;
}
