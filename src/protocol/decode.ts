/**
 * The few shape checks both halves need. A reader of unknown input returns a typed value or throws
 * {@link DecodeError}, which names the field but never repeats its content.
 */

/** Input that has not the shape the protocol asks for. `field` is a dotted path, `expected` says what is allowed. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly field: string;
  readonly expected: string;

  constructor(field: string, expected: string) {
    super(`${field} must be ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}

export type JsonRecord = Readonly<Record<string, unknown>>;

/** A plain JSON object; arrays and `null` are refused. */
export function readRecord(value: unknown, field: string): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(field, 'an object');
  }
  return value as JsonRecord;
}

/** A string of 1 to `maxLength` UTF-16 units without control characters. */
export function readString(record: JsonRecord, field: string, maxLength = 255): string {
  const value = record[field];
  if (
    typeof value !== 'string' ||
    value.length === 0 ||
    value.length > maxLength ||
    hasControlCharacter(value)
  ) {
    throw new DecodeError(field, `a string of 1 to ${maxLength} characters without control characters`);
  }
  return value;
}

/** As {@link readString}; an absent or `null` field gives `undefined`. */
export function readOptionalString(record: JsonRecord, field: string, maxLength = 255): string | undefined {
  return record[field] === undefined || record[field] === null
    ? undefined
    : readString(record, field, maxLength);
}

/** One of a closed list of strings. */
export function readOneOf<const T extends string>(
  record: JsonRecord,
  field: string,
  allowed: readonly T[],
): T {
  const value = record[field];
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new DecodeError(field, `one of ${allowed.join(', ')}`);
  return found;
}

/** A whole number from `min` to `max`. */
export function readInteger(record: JsonRecord, field: string, min: number, max: number): number {
  const value = record[field];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new DecodeError(field, `a whole number from ${min} to ${max}`);
  }
  return value;
}

/** An ISO 8601 instant with a zone, given back as it came. */
export function readInstant(record: JsonRecord, field: string): string {
  const value = readString(record, field, 40);
  if (!INSTANT.test(value) || Number.isNaN(Date.parse(value))) {
    throw new DecodeError(field, 'an ISO 8601 instant such as 2026-06-01T12:00:00Z');
  }
  return value;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}
