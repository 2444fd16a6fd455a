/** What does a remote address say of who is calling? Pure. */
import { isIP } from 'node:net';

/** IPv4 inside IPv6, as a socket that listens on both reports it. */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;
/** Loopback, private (RFC 1918), shared (RFC 6598), link-local. */
const PRIVATE_V4 =
  /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
/** Loopback, unique local (RFC 4193), link-local. */
const PRIVATE_V6 = /^(::1$|f[cd]|fe[89ab])/i;

/**
 * The part of an address that one client holds: an IPv4 address, or the /64 of an IPv6 one, of which anybody has
 * all 2^64 addresses. `null` for what is no address, and for one of a private network: that is a proxy of the
 * host's own or a developer, and never one buyer.
 */
export function clientOf(address: string): string | null {
  const bare = address.replace(/%.*$/, '');
  const plain = MAPPED.exec(bare)?.[1] ?? bare;
  switch (isIP(plain)) {
    case 4:
      return PRIVATE_V4.test(plain) ? null : plain;
    case 6:
      return PRIVATE_V6.test(plain) ? null : network64(plain);
    default:
      return null;
  }
}

/** The first four groups, written one way. */
function network64(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** An IPv4 address at the end counts for two groups; its value does not matter here. */
function groups(part: string): readonly string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
