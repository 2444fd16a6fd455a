/** Reads the fields that deliveries and API answers share. Each reader throws {@link DecodeError}. */
import { DecodeError, type JsonRecord } from '../../../protocol/index.js';
import { LONGEST_ID } from './assumed.js';

/** What PostgreSQL's text or `jsonb` refuses, and what no id has any business holding. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNKEEPABLE = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** Nothing here can leave a path segment, so such an id may enter a URL. */
const PATH_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,254}$/;

/** Whether text can be kept: at most 255 UTF-16 units, without control characters or half a surrogate pair. */
export function isKeepable(text: string): boolean {
  return text.length <= LONGEST_ID && !UNKEEPABLE.test(text);
}

export function isPathId(text: string): boolean {
  return PATH_ID.test(text);
}

/**
 * A field's text as the vendor's own code reads it: trimmed, and absent where nothing is left. Numbers, `null`
 * and everything else that is no string is absent too.
 */
export function presentText(record: JsonRecord, field: string): string | null {
  const value = record[field];
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' ? null : text;
}

/** Text that must be there and can be kept. */
export function readText(record: JsonRecord, field: string): string {
  const text = presentText(record, field);
  if (text === null || !isKeepable(text)) {
    throw new DecodeError(field, `text of 1 to ${LONGEST_ID} characters without control characters`);
  }
  return text;
}

/** An absent or empty field gives `null`. */
export function readOptionalText(record: JsonRecord, field: string): string | null {
  return presentText(record, field) === null ? null : readText(record, field);
}

/** An id that may be put into a path. */
export function readPathId(record: JsonRecord, field: string): string {
  const id = readText(record, field);
  if (!isPathId(id)) throw new DecodeError(field, 'an id of letters, digits, ".", "_", "~" and "-"');
  return id;
}

/** Milliseconds since the epoch; `null` where the vendor gives no time. */
export function readOptionalTime(record: JsonRecord, field: string): number | null {
  const text = readOptionalText(record, field);
  if (text === null) return null;
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new DecodeError(field, 'an ISO 8601 instant with a zone');
  return ms;
}

/** A time without a zone would be read in ours. */
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i;
