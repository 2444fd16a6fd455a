import { readInstant, readOneOf, readOptionalString, readRecord, readString } from './decode.js';
import { checkVersion, PROTOCOL_VERSION } from './version.js';

/** What the page heard. A signal moves nothing: it brings reconciliation forward. */
export const SIGNAL_KINDS = [
  'initiated',
  'confirmed',
  'pending',
  'error',
  'closed',
  'away',
  'returned',
] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** `POST …/attempts/:id/signals`, answered 202. Idempotent by `key`. */
export interface Signal {
  readonly v: typeof PROTOCOL_VERSION;
  /** UUID; the same signal sent again carries the same key. */
  readonly key: string;
  readonly kind: SignalKind;
  readonly planVersionId?: string;
  readonly planItemId?: string;
  /** The vendor's own word, e.g. `CONFIRMED`. */
  readonly status?: string;
  /** The vendor's own reason, e.g. `CONFIRM_FAILED`. */
  readonly reason?: string;
  /** ISO 8601, the page's clock. */
  readonly at: string;
}

/** @throws {DecodeError} */
export function decodeSignal(value: unknown): Signal {
  const record = readRecord(value, 'body');
  checkVersion(record);
  const planVersionId = readOptionalString(record, 'planVersionId');
  const planItemId = readOptionalString(record, 'planItemId');
  const status = readOptionalString(record, 'status', 64);
  const reason = readOptionalString(record, 'reason', 64);
  return {
    v: PROTOCOL_VERSION,
    key: readString(record, 'key', 64),
    kind: readOneOf(record, 'kind', SIGNAL_KINDS),
    at: readInstant(record, 'at'),
    ...(planVersionId === undefined ? {} : { planVersionId }),
    ...(planItemId === undefined ? {} : { planItemId }),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
  };
}
