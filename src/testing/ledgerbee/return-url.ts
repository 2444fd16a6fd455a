/** Which `returnUrl` is followed, and what is added to it. How it is passed and checked is ASSUMED (U7). */
import { isLoopbackHost } from './loopback.js';

/** The URL, if it is absolute, https (or http on a loopback name) and of an allowlisted origin; else `null`. */
export function acceptReturnUrl(value: unknown, partnerOrigins: readonly string[]): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const url = new URL(value);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return isSafe && partnerOrigins.includes(url.origin) ? url.href : null;
}

/** `?subscriptionId=<id>` only when confirmed; `?checkout=pending` when a magic link was sent. Keeps what is there. */
export function withOutcome(
  returnUrl: string,
  outcome: { readonly subscriptionId: string } | { readonly checkout: 'pending' },
): string {
  const url = new URL(returnUrl);
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  return url.href;
}
