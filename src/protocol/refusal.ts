import { readOneOf, readRecord, readString } from './decode.js';
import { checkVersion, PROTOCOL_VERSION } from './version.js';

/** Every code an error answer may carry. The message is for people; code branches on the code. */
export const REFUSAL_CODES = [
  'bad_request',
  'unsupported_version',
  'unauthorized',
  'origin_not_allowed',
  'not_found',
  'method_not_allowed',
  'order_not_resolved',
  'vendor_not_configured',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'vendor_unavailable',
  'checkout_unavailable',
  'unavailable',
  'internal',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** The body of every error answer. */
export interface Refusal {
  readonly v: typeof PROTOCOL_VERSION;
  readonly code: RefusalCode;
  readonly message: string;
}

/** @throws {DecodeError} */
export function decodeRefusal(value: unknown): Refusal {
  const record = readRecord(value, 'answer');
  checkVersion(record);
  return {
    v: PROTOCOL_VERSION,
    code: readOneOf(record, 'code', REFUSAL_CODES),
    message: readString(record, 'message', 1000),
  };
}
