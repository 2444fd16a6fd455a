/** Ledyer as one of the kit's vendors. */
import { ConfigurationError, TriggerError, VendorError } from '../../errors.js';
import type { LinkedIds, LinkedVendor, Observation, Trigger, Undetermined } from '../../ports.js';
import { ledyerClient, type LedyerClient } from './client.js';
import { isOrderId, isSessionId } from './ids.js';
import { readNotification } from './notification.js';
import { MAX_REFERENCE_LENGTH } from './operations.js';
import { orderManagement } from './order-management.js';
import { readOptions, type LedyerOptions } from './options.js';
import type { LedyerReading } from './reading.js';
import type { LedyerStanding } from './state-map.js';

export type { LedyerClient } from './client.js';
export type { LedyerOptions } from './options.js';
export type { LedyerLine, LedyerOrder, LedyerPart } from './order.js';
export type { LedyerReading } from './reading.js';
export type { OperationResult } from './operations.js';

/** For a minute in practice; the rest is for an API that is far behind its own notifications. */
const SETTLE_DELAYS_MS = [60_000, 600_000, 3_600_000];

export interface LedyerAdapter extends LinkedVendor {
  /** Ledyer's API under the same credentials and the same token, for what the kit does not do. */
  readonly client: LedyerClient;
}

/**
 * The adapter for Ledyer's Checkout and Payments. Makes no call before it is asked to.
 *
 * Notifications are unsigned: each only asks for a look at what it names. What is granted is what the payment status
 * and the order say afterwards.
 * @throws {ConfigurationError} `invalid-option`, naming the option and the fix; no secret is repeated.
 */
export function ledyer(options: LedyerOptions): LedyerAdapter {
  const { merchantId } = readOptions(options);
  const client = ledyerClient(options);
  return {
    name: 'ledyer',
    flow: 'linked',
    // It says "200 OK", and whether any other 2xx stops the retries is nowhere said.
    acceptedStatus: 200,
    settleDelaysMs: SETTLE_DELAYS_MS,
    readTrigger: (rawBody) => readTrigger(rawBody, merchantId),
    readLink,
    idsOf,
    fetchSubject: async (subject, signal) => observe(await client.read(subject, signal)),
    acknowledge: (subject, orderRef, signal) => acknowledge(client, subject, orderRef, signal),
    orderManagement: orderManagement(client),
    client,
  };
}

function readTrigger(rawBody: Uint8Array, merchantId: string | null): Trigger {
  const read = readNotification(rawBody, merchantId);
  if (read.kind === 'refused') {
    throw new TriggerError(read.isForeign === true ? 'other-merchant' : 'malformed', read.why);
  }
  const { eventType: topic, subject, orderId, sessionId, authorizationToken: secret } = read;
  return { topic, subject, alias: orderId === null ? null : sessionId, secret };
}

function readLink({ orderId, sessionId }: LinkedIds): Pick<Trigger, 'subject' | 'alias'> {
  if (orderId !== undefined && !isOrderId(orderId)) throw badId('orderId', 'or_…');
  if (sessionId !== undefined && !isSessionId(sessionId)) throw badId('sessionId', 'se_… or ps_…');
  const subject = orderId ?? sessionId;
  if (subject === undefined) throw badId('orderId', 'or_…, or sessionId as se_… or ps_…');
  return { subject, alias: orderId === undefined ? null : (sessionId ?? null) };
}

function idsOf(names: readonly string[]): LinkedIds {
  const orderId = names.find(isOrderId);
  const sessionId = names.find(isSessionId);
  return {
    ...(orderId === undefined ? {} : { orderId }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

function badId(name: string, form: string): ConfigurationError {
  return new ConfigurationError(
    'invalid-option',
    `linkOrder: ${name} must be given as Ledyer gave it: ${form}`,
  );
}

const ACCESS: Readonly<Record<Exclude<LedyerStanding, 'unknown'>, Observation['access']>> = {
  pending: 'awaiting',
  ready: 'granted',
  captured: 'granted',
  refunded: 'ended',
  cancelled: 'ended',
};

function observe(reading: LedyerReading | null): Observation | Undetermined | null {
  if (reading === null) return null;
  const { subject, orderId, order, standing, vendorStatus, isCapturable, isAcknowledgeable } = reading;
  // `unknown` without an order is how an id that nobody knows may be answered.
  if (standing === 'unknown') return order === null ? null : { undetermined: vendorStatus };
  return {
    subject,
    // Its own reference is printed on invoices and may be another system's; the link is what ties the two.
    reference: null,
    vendorStatus,
    planId: null,
    customerId: null,
    access: ACCESS[standing],
    aliases: orderId === null || orderId === subject ? [] : [orderId],
    isCapturable,
    isAcknowledgeable,
    ...(order === null
      ? {}
      : {
          amountMinor: order.amountMinor,
          capturedMinor: order.capturedMinor,
          refundedMinor: order.refundedMinor,
        }),
    ...(order === null || order.currency === null ? {} : { currency: order.currency }),
  };
}

/** @throws {VendorError} `rejected` while there is no order: it is tried again. */
async function acknowledge(
  client: LedyerClient,
  subject: string,
  orderRef: string,
  signal: AbortSignal,
): Promise<void> {
  const orderId = isOrderId(subject) ? subject : ((await client.read(subject, signal))?.orderId ?? null);
  const result = orderId === null ? null : await client.acknowledge(orderId, signal);
  if (orderId === null || result === null || result.outcome === 'not-available') {
    throw new VendorError('rejected', 'There is no order to acknowledge yet');
  }
  if (orderRef.length <= MAX_REFERENCE_LENGTH) await client.setReference(orderId, orderRef, signal);
}
