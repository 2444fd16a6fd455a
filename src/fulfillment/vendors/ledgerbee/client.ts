/** What does LedgerBee's API say of a subscription now? */
import { DecodeError, readRecord } from '../../../protocol/index.js';
import { VendorError } from '../../errors.js';
import type { Log, Observation } from '../../ports.js';
import { callApi, unreadable, type ApiOptions } from './api.js';
import { readSubscriptionPage } from './assumed.js';
import type { ApiCall } from './call.js';
import { isId, readId, readOptionalText, readReference, readText } from './fields.js';
import { accessOf } from './state-map.js';

/** More pages than any honest order has: beyond them the vendor must be ignoring the filter. */
const PAGE_LIMIT = 20;

/**
 * `GET /v1/subscriptions/{id}`.
 * @param subject The chain id. Anything that is not shaped like an id is unknown to the vendor by definition.
 * @throws {VendorError}
 */
export async function fetchSubscription(
  api: ApiOptions,
  subject: string,
  signal: AbortSignal,
  log?: Log,
): Promise<Observation | null> {
  if (!isId(subject)) return null;
  const path = `/subscriptions/${subject}`;
  const call: ApiCall = { method: 'GET', path, key: 'apiKey', mayBeMissing: true };
  const body = await callApi(api, call, signal, log);
  if (body === undefined) return null;
  const observation = readObservation(body, call);
  if (observation.subject !== subject) throw unreadable(call, 200, 'it is about another subscription');
  return observation;
}

/**
 * `GET /v1/subscriptions?partnerReferenceId=…`, to the last page. What the vendor returns beside the exact
 * reference is dropped; an answer that cannot be read is an error, never an empty list: on "nothing there" a
 * buyer may be asked to pay again.
 * @throws {VendorError}
 */
export async function listSubscriptions(
  api: ApiOptions,
  reference: string,
  signal: AbortSignal,
  log?: Log,
): Promise<readonly Observation[]> {
  const found = new Map<string, Observation>();
  for (let page = 1; page <= PAGE_LIMIT; page += 1) {
    const query = { partnerReferenceId: reference, ...(page === 1 ? {} : { page: String(page) }) };
    const call: ApiCall = { method: 'GET', path: '/subscriptions', query, key: 'apiKey' };
    const answer = readSubscriptionPage(await callApi(api, call, signal, log));
    if (answer === null) throw unreadable(call, 200, 'no list of subscriptions');
    if (page === 1 && answer.items.length === 0 && (answer.total ?? 0) > 0) {
      throw unreadable(call, 200, 'it counts subscriptions and shows none');
    }
    const before = found.size;
    for (const item of answer.items) {
      const observation = readObservation(item, call);
      found.set(observation.subject, observation);
    }
    // Without a total, and where `page` is ignored, the end is the page that brings nothing new.
    const isLast =
      answer.total === null ? found.size === before : found.size >= answer.total || found.size === before;
    if (isLast) return [...found.values()].filter((observation) => observation.reference === reference);
  }
  throw new VendorError(
    'unreadable-answer',
    `GET /subscriptions: more than ${PAGE_LIMIT} pages under one reference: LedgerBee does not seem to filter by it`,
  );
}

function readObservation(body: unknown, call: ApiCall): Observation {
  try {
    const subscription = readRecord(body, 'subscription');
    const vendorStatus = readText(subscription, 'status');
    return {
      subject: readId(subscription, 'id'),
      reference: readReference(subscription),
      access: accessOf(vendorStatus),
      vendorStatus,
      planId: readOptionalText(subscription, 'planId'),
      customerId: readOptionalText(subscription, 'customerId'),
    };
  } catch (error) {
    if (error instanceof DecodeError) throw unreadable(call, 200, error.message);
    throw error;
  }
}
