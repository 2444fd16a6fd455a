import { DecodeError, readInteger, readOneOf, readRecord, readString, type JsonRecord } from './decode.js';
import { readRedirectUrl } from './url.js';
import { checkVersion, PROTOCOL_VERSION } from './version.js';

/** What the backend can say of an order. What each means for the buyer is in {@link verdictOf}. */
export const ORDER_STATUSES = [
  /** Nothing is known of a payment. */
  'open',
  /** A purchase is there, and not certain yet. */
  'pending',
  /** Paid for certain; what it is for is on its way. */
  'processing',
  /** A person looks at it. */
  'review',
  /** What was paid for is there. */
  'fulfilled',
  /** It came to nothing. */
  'failed',
  /** It is over. */
  'ended',
  /** The vendor was asked for as long as it made sense, and has nothing. */
  'expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What a status means for the buyer's view. */
export type Verdict = 'waiting' | 'settled' | 'unsettled' | 'failed';

/** `GET …/attempts/:id`, and the data of each event of `GET …/attempts/:id/events`. */
export interface StatusAnswer {
  readonly v: typeof PROTOCOL_VERSION;
  readonly status: OrderStatus;
  /** Only `true` says that the vendor was asked and has nothing: the buyer may try again with the same attempt. */
  readonly retry?: boolean;
  /** Where a settled buyer goes; https, or http on a loopback name. */
  readonly redirect?: string;
  /** The backend's wish for the next poll, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The one place that says which status ends the wait, and how. */
export function verdictOf(status: OrderStatus): Verdict {
  switch (status) {
    case 'fulfilled':
      return 'settled';
    case 'failed':
    case 'ended':
      return 'failed';
    case 'review':
    case 'expired':
      return 'unsettled';
    case 'open':
    case 'pending':
    case 'processing':
      return 'waiting';
  }
}

/** Whether something was paid: it is not to be offered again, whatever becomes of it. */
export function isPaid(status: OrderStatus): boolean {
  return status === 'processing' || status === 'review' || status === 'fulfilled';
}

/** One that cannot be followed is left out: the order is what it is all the same. */
function readRedirect(record: JsonRecord): Pick<StatusAnswer, 'redirect'> {
  try {
    return { redirect: readRedirectUrl(readString(record, 'redirect', 4096), 'redirect') };
  } catch (error) {
    if (error instanceof DecodeError) return {};
    throw error;
  }
}

/** @throws {DecodeError} */
export function decodeStatusAnswer(value: unknown): StatusAnswer {
  const record = readRecord(value, 'answer');
  checkVersion(record);
  return {
    v: PROTOCOL_VERSION,
    status: readOneOf(record, 'status', ORDER_STATUSES),
    ...(record['retry'] === true ? { retry: true } : {}),
    ...(record['redirect'] === undefined ? {} : readRedirect(record)),
    ...(record['retryAfterMs'] === undefined
      ? {}
      : { retryAfterMs: readInteger(record, 'retryAfterMs', 0, 86_400_000) }),
  };
}
