/** Reads the fields that deliveries and API answers share. Each reader throws {@link DecodeError}. */
import { DecodeError, readString, type JsonRecord } from '../../../protocol/index.js';
import { referenceField } from './assumed.js';

/** UUIDs, as far as we were told. Nothing here can leave a path segment, so an id may enter a URL. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

export function isId(value: string): boolean {
  return ID.test(value);
}

export function readId(record: JsonRecord, field: string): string {
  const value = readText(record, field);
  if (!isId(value)) throw new DecodeError(field, 'an id of letters, digits, "-" and "_"');
  return value;
}

/** An absent or `null` field gives `null`. */
export function readOptionalText(record: JsonRecord, field: string): string | null {
  return record[field] === undefined || record[field] === null ? null : readText(record, field);
}

/** The order reference the subscription came with; `null` where it has none. */
export function readReference(record: JsonRecord): string | null {
  const value = referenceField(record);
  if (value === undefined || value === null || value === '') return null;
  return readText({ partnerReferenceId: value }, 'partnerReferenceId');
}

/** Half a surrogate pair is valid in signed JSON and refused by PostgreSQL's `jsonb`, so it stops here. */
export function readText(record: JsonRecord, field: string): string {
  const value = readString(record, field);
  if (/\p{Surrogate}/u.test(value)) throw new DecodeError(field, 'well-formed Unicode');
  return value;
}
