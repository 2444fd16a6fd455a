/**
 * Whom is a notification about? It is unsigned, so it is a trigger and never data: its type is for the log,
 * its id names what is then read from the API.
 */
import { DecodeError, readRecord, readString, type JsonRecord } from '../../../protocol/index.js';
import { isAuthorizationToken, isOrderId, isSessionId } from './ids.js';

/** Visible ASCII, as an id that becomes a key must be. */
const EVENT_ID = /^[\x21-\x7e]{1,255}$/;

export type Notification =
  | {
      readonly kind: 'trigger';
      /** As it came; a type of no list is a trigger like any other. */
      readonly eventType: string;
      /** What to read: the order's id where one is named, else the session's. Safe in a URL path. */
      readonly subject: string;
      readonly orderId: string | null;
      readonly sessionId: string | null;
      /** Of the nested shape alone, and the same on repetitions. Two real events of the flat shape can be equal bytes. */
      readonly eventId: string | null;
      /** Of the Payments product's `authorization.create`. A secret: whoever holds it can make the order. */
      readonly authorizationToken: string | null;
    }
  /** Not Ledyer's, or not for this merchant: answered 400, and nothing is stored. Repeats none of the body. */
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** It names another merchant; otherwise it has not the vendor's form. */
      readonly isForeign?: true;
    };

/**
 * Reads either of the two shapes. Never throws.
 * @param merchantId Our own `ac_…`; `null` takes a notification for any merchant.
 */
export function readNotification(rawBody: Uint8Array, merchantId: string | null): Notification {
  try {
    return readTrigger(readRecord(parse(rawBody), 'body'), merchantId);
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'refused', why: error.message };
    throw error;
  }
}

function readTrigger(body: JsonRecord, merchantId: string | null): Notification {
  const data = body['data'] === undefined || body['data'] === null ? {} : readRecord(body['data'], 'data');
  const eventType = readType({ eventType: body['eventType'] ?? body['type'] });
  const orderId = readId(body['orderId'] ?? data['orderId'], 'orderId', isOrderId);
  const sessionId = readId(body['sessionId'] ?? data['sessionId'], 'sessionId', isSessionId);
  const subject = orderId ?? sessionId;
  if (subject === null) throw new DecodeError('orderId or sessionId', 'present');
  const named = body['merchantId'] ?? data['merchantId'] ?? null;
  if (merchantId !== null && named !== null && named !== merchantId) {
    return { kind: 'refused', why: 'merchantId must be the configured merchant', isForeign: true };
  }
  const token = body['authorizationToken'] ?? data['authorizationToken'];
  return {
    kind: 'trigger',
    eventType,
    subject,
    orderId,
    sessionId,
    eventId: typeof body['id'] === 'string' && EVENT_ID.test(body['id']) ? body['id'] : null,
    authorizationToken: isAuthorizationToken(token) ? token : null,
  };
}

/** Half a surrogate pair is valid JSON and nothing that can be kept. */
function readType(record: JsonRecord): string {
  const eventType = readString(record, 'eventType');
  if (/\p{Surrogate}/u.test(eventType)) throw new DecodeError('eventType', 'well-formed Unicode');
  return eventType;
}

function readId(value: unknown, field: string, is: (value: unknown) => value is string): string | null {
  if (value === undefined || value === null) return null;
  if (!is(value)) throw new DecodeError(field, 'an id in the documented form');
  return value;
}

function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    throw new DecodeError('body', 'JSON in UTF-8');
  }
}
