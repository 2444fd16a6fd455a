import { DecodeError } from './decode.js';

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

/** `localhost`, every `*.localhost`, 127.0.0.0/8 and `[::1]`: names that never leave the machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
