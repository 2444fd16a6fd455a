import { DecodeError } from './decode.js';
import { isLoopbackHost } from './loopback.js';

/**
 * A URL the page may go to: https, or http on a loopback name. Everything else, `javascript:` above all,
 * is refused.
 * @throws {DecodeError}
 */
export function readRedirectUrl(value: string, field: string): string {
  if (URL.canParse(value)) {
    const url = new URL(value);
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)))
      return url.href;
  }
  throw new DecodeError(field, 'an https URL');
}
