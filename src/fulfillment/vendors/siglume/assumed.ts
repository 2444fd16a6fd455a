/**
 * Everything this adapter ASSUMES about Siglume: nothing that could be read says so. The numbers are those of
 * the contract's table of unknowns. Meeting the real answer changes this file.
 */
import type { JsonRecord } from '../../../protocol/index.js';

/** U6: ids have no documented form. They are kept as text of at most this many UTF-16 units. */
export const LONGEST_ID = 255;

/** U21: no limit is published for a nonce. In characters. */
export const LONGEST_NONCE = 128;

/** U9: how long a session lives whose answer names no end, in milliseconds. */
export const SESSION_LIFETIME_MS = 1_800_000;

/** U1: what the API says of a nonce whose session has ended, or was opened for other money. */
export const NONCE_SPENT = 'CHECKOUT_NONCE_CONFLICT';

/** U10: what the API says of a session it does not know. */
export const SESSION_UNKNOWN = 'CHECKOUT_SESSION_NOT_FOUND';

/** Known from the sibling SDK alone (U3): unsigned copies of the event's `id` and `type`. Not asked for. */
export const EVENT_ID_HEADER = 'siglume-event-id';
export const EVENT_TYPE_HEADER = 'siglume-event-type';

/** U18: where a refusal for want of readiness lists what is missing. */
export function missingRequirementsOf(error: JsonRecord): unknown {
  const details = error['details'];
  const inDetails = isRecord(details) ? details['missing_requirements'] : undefined;
  return inDetails ?? error['missing_requirements'];
}

/**
 * Which payment a usage of the statements belongs to. Their documented columns name none; without it a metered
 * payment cannot be told from its neighbors, and stays unsettled until a person looks.
 */
export function requirementOfUsage(usage: JsonRecord): unknown {
  return usage['requirement_id'] ?? usage['direct_payment_requirement_id'];
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
