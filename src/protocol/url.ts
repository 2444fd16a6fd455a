import { DecodeError } from './decode.js';
import { LOOPBACK_HOST } from './loopback.js';

/** `null` for what is no URL. */
export function parseUrl(text: string, base?: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

/** Whether it is https, or http on a loopback name. Everything else, `javascript:` above all, is not. */
export function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOST.test(hostname));
}

/**
 * A URL the page may go to.
 * @throws {DecodeError} where it is not safe.
 */
export function readRedirectUrl(value: string, field: string): string {
  const url = parseUrl(value);
  if (url !== null && isSafeUrl(url)) return url.href;
  throw new DecodeError(field, 'an https URL');
}
