import { randomBytes } from 'node:crypto';

/** Ids in the form seen in the vendor's fixtures: a prefix and a random part (U6). */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

/** `sha256:` and 64 hex digits that follow from nothing. */
export function randomHash(): string {
  return `sha256:${randomBytes(32).toString('hex')}`;
}
