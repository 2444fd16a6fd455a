import { readInstant, readInteger, readOneOf, readOptionalString, readRecord, readString } from './decode.js';
import { VENDORS, type Vendor } from './vendor.js';
import { readRedirectUrl } from './url.js';
import { checkVersion, PROTOCOL_VERSION } from './version.js';

/**
 * `POST …/attempts`. Says what the page shows, not what is sold: the merchant's `resolveOrder` decides
 * that from its own data. Sent with an `Idempotency-Key` header, one UUID per start.
 */
export interface StartAttemptRequest {
  readonly v: typeof PROTOCOL_VERSION;
  readonly vendor: Vendor;
  /** The page's word for the order; a hint to `resolveOrder`. */
  readonly order?: string;
  /** Vanity of the plan the page shows. */
  readonly plan?: string;
  /** Id of the plan item the buyer picked. */
  readonly item?: string;
  /** URL of the page without query and fragment. */
  readonly page: string;
}

/** What the page does next. A `redirect` is https, or http on a loopback name. */
export type NextStep =
  | { readonly type: 'frame'; readonly bindToken: string | null }
  | { readonly type: 'redirect'; readonly url: string }
  | { readonly type: 'wait'; readonly retryAfterMs: number };

/** The page's capability to ask about one attempt. The token goes into `Authorization: Bearer`, never into a URL. */
export interface AttemptHandle {
  readonly id: string;
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export interface StartAttemptAnswer {
  readonly v: typeof PROTOCOL_VERSION;
  readonly attempt: AttemptHandle;
  readonly next: NextStep;
}

/**
 * Why an answer carries no bind token, for the developer: nobody is logged in, the vendor refused (the
 * merchant's configuration), or the vendor could not be reached twice.
 */
export const UNBOUND_REASONS = ['anonymous', 'mint_refused', 'mint_unavailable'] as const;
export type UnboundReason = (typeof UNBOUND_REASONS)[number];

/** `POST …/attempts/:id/bind-token`. A fresh, single-use token, or `null`: the checkout goes on anonymously. */
export interface BindTokenAnswer {
  readonly v: typeof PROTOCOL_VERSION;
  readonly bindToken: string | null;
  /** ISO 8601; the vendor's word on when the token ends. */
  readonly expiresAt?: string;
  /** Set when `bindToken` is `null`. */
  readonly unbound?: UnboundReason;
}

/** @throws {DecodeError} */
export function decodeStartAttemptRequest(value: unknown): StartAttemptRequest {
  const record = readRecord(value, 'body');
  checkVersion(record);
  const order = readOptionalString(record, 'order');
  const plan = readOptionalString(record, 'plan');
  const item = readOptionalString(record, 'item');
  return {
    v: PROTOCOL_VERSION,
    vendor: readOneOf(record, 'vendor', VENDORS),
    page: readString(record, 'page', 2048),
    ...(order === undefined ? {} : { order }),
    ...(plan === undefined ? {} : { plan }),
    ...(item === undefined ? {} : { item }),
  };
}

/** @throws {DecodeError} */
export function decodeStartAttemptAnswer(value: unknown): StartAttemptAnswer {
  const record = readRecord(value, 'answer');
  checkVersion(record);
  const attempt = readRecord(record['attempt'], 'attempt');
  return {
    v: PROTOCOL_VERSION,
    attempt: {
      id: readString(attempt, 'id'),
      token: readString(attempt, 'token'),
      expiresAt: readInstant(attempt, 'expiresAt'),
    },
    next: decodeNextStep(record['next']),
  };
}

/** @throws {DecodeError} */
export function decodeBindTokenAnswer(value: unknown): BindTokenAnswer {
  const record = readRecord(value, 'answer');
  checkVersion(record);
  const bindToken = record['bindToken'] === null ? null : readString(record, 'bindToken', 4096);
  return {
    v: PROTOCOL_VERSION,
    bindToken,
    ...(record['expiresAt'] === undefined ? {} : { expiresAt: readInstant(record, 'expiresAt') }),
    ...(record['unbound'] === undefined ? {} : { unbound: readOneOf(record, 'unbound', UNBOUND_REASONS) }),
  };
}

function decodeNextStep(value: unknown): NextStep {
  const next = readRecord(value, 'next');
  const type = readOneOf(next, 'type', ['frame', 'redirect', 'wait']);
  switch (type) {
    case 'frame':
      return { type, bindToken: next['bindToken'] === null ? null : readString(next, 'bindToken', 4096) };
    case 'redirect':
      return { type, url: readRedirectUrl(readString(next, 'url', 4096), 'next.url') };
    case 'wait':
      return { type, retryAfterMs: readInteger(next, 'retryAfterMs', 0, 86_400_000) };
  }
}
