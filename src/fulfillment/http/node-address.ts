/** From which address does a Node request come? */
import type { IncomingMessage } from 'node:http';

/**
 * @param trustedProxies How many proxies stand before this server and each append the address they see to
 *   `X-Forwarded-For`: the entry that the outermost of them wrote is taken. Entries before it are the client's
 *   own words. `null`: the header is not read at all.
 */
export function readAddress(
  req: IncomingMessage & { readonly ip?: unknown },
  trustedProxies: number | null,
): string | undefined {
  if (trustedProxies !== null && trustedProxies > 0) {
    const entries = [req.headers['x-forwarded-for'] ?? []]
      .flat()
      .join(',')
      .split(',')
      .map((entry) => entry.trim());
    // Fewer entries than proxies give none: somebody came in past them, and nothing in the header is to be believed.
    const entry = entries[entries.length - trustedProxies];
    if (entry !== undefined && entry !== '') return entry.replace(/^\[(.+)\](:\d+)?$/, '$1');
  }
  // Express's, by its own `trust proxy`, which is off unless the host sets it.
  if (trustedProxies === null && typeof req.ip === 'string') return req.ip;
  return req.socket.remoteAddress;
}
