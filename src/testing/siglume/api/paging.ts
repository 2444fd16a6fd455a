/** Limits and cursors of list calls. */
import { invalidField } from '../failure.js';

/** @throws {ApiFailure} 422 */
export function readLimit(query: URLSearchParams, fallback: number, max: number): number {
  const given = query.get('limit');
  if (given === null) return fallback;
  const limit = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > max) throw invalidField('limit', `must be a whole number from 1 to ${max}`);
  return limit;
}

/** One page from where the cursor stands. The cursor is opaque (U25). */
export function onPage<T>(
  entries: readonly T[],
  query: URLSearchParams,
  limit: number,
): { readonly items: readonly T[]; readonly next_cursor: string | null } {
  const cursor = query.get('cursor');
  const from = cursor === null ? 0 : readCursor(cursor);
  const to = from + limit;
  return { items: entries.slice(from, to), next_cursor: to < entries.length ? writeCursor(to) : null };
}

function writeCursor(position: number): string {
  return Buffer.from(`from ${position}`).toString('base64url');
}

function readCursor(cursor: string): number {
  const match = /^from (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) throw invalidField('cursor', 'is not one of ours');
  return Number(match[1]);
}
