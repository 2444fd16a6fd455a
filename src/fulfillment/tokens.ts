import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Entropy of an attempt's token, in bytes. */
const TOKEN_BYTES = 32;

/** A new token, and the hash that is kept of it. A random secret needs no slow hash. */
export function newToken(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** Compares in constant time, and with all of them: which one matched is nobody's to measure. */
export function matchesToken(token: string, hashes: readonly Buffer[]): boolean {
  const presented = hashToken(token);
  return hashes.reduce((found, hash) => equalHashes(presented, hash) || found, false);
}

/** Compares two SHA-256 digests in constant time. */
export function equalHashes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
