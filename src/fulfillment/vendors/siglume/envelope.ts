/** The body of a delivery, as far as Siglume's own parser asks for it. */
import { DecodeError, readRecord, type JsonRecord } from '../../../protocol/index.js';
import { readText } from './fields.js';

export interface SiglumeEvent {
  /** Stays the same when the delivery is sent again. */
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly occurredAt: string;
  /** Nothing inside has been looked at. */
  readonly data: JsonRecord;
}

/**
 * Members it does not know are passed over; `idempotency_key` and `trace_id` are not asked for (U5).
 * @throws {DecodeError} naming the field, never its content.
 */
export function readEvent(rawBody: Uint8Array): SiglumeEvent {
  const body = readRecord(parse(rawBody), 'body');
  return {
    id: readText(body, 'id'),
    type: readText(body, 'type'),
    apiVersion: readText(body, 'api_version'),
    occurredAt: readText(body, 'occurred_at'),
    data: readRecord(body['data'], 'data'),
  };
}

/** A byte-order mark is passed over. Bytes that are no UTF-8 are refused: what they meant is a guess. */
function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    throw new DecodeError('body', 'JSON in UTF-8');
  }
}
