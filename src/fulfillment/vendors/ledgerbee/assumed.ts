/**
 * Everything this adapter ASSUMES about LedgerBee: its documentation does not say, or the page was not to be
 * had. The numbers are those of the contract's table of unknowns. Meeting the real answer changes this file.
 */
import {
  readInstant,
  readOptionalString,
  readRecord,
  readString,
  type JsonRecord,
} from '../../../protocol/index.js';

/** U15: the topic of a test delivery from the operator's page. Every unknown topic is ignored; this one has a reason. */
export const TEST_TOPIC = 'webhook.test';

/**
 * U3: the frame goes on anonymously when its page gives no token within 10 s. Two tries and the way to the
 * page have to fit into that, in milliseconds.
 */
export const MINT_TRY_TIMEOUT_MS = 4_000;

/**
 * U14: where a delivery's order reference is. That it is on every subscription event is documented; that it
 * may be `null`, for subscriptions nobody bound, is assumed.
 */
export function referenceField(record: JsonRecord): unknown {
  return record['partnerReferenceId'];
}

/**
 * U9: the names in the answer of the provision call.
 * @throws {DecodeError}
 */
export function readProvisionAnswer(body: unknown): {
  readonly bindToken: string;
  readonly expiresAt: string | null;
} {
  const answer = readRecord(body, 'answer');
  const bindToken = readString(answer, 'checkoutBindToken', 4096);
  const expires = readOptionalString(answer, 'checkoutBindTokenExpiresAt');
  return {
    bindToken,
    expiresAt: expires === undefined ? null : readInstant(answer, 'checkoutBindTokenExpiresAt'),
  };
}

/**
 * U13: one page of a subscription list, as `{ data, total }` or as a bare array. `total` is `null` where the
 * answer gives none. `null` for any other shape: that must never be taken for an empty list.
 */
export function readSubscriptionPage(
  body: unknown,
): { readonly items: readonly unknown[]; readonly total: number | null } | null {
  if (Array.isArray(body)) return { items: body, total: null };
  if (typeof body !== 'object' || body === null) return null;
  const { data, total } = body as JsonRecord;
  if (!Array.isArray(data)) return null;
  return { items: data, total: typeof total === 'number' && Number.isSafeInteger(total) ? total : null };
}
