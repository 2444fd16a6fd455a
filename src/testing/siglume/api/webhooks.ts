/** `/v1/market/webhooks`: subscriptions, their secrets, test deliveries, and what became of each delivery. */
import type { Reply } from '../../ledgerbee/http.js';
import type { SiglumeDelivery } from '../delivery-log.js';
import { readinessProbe } from '../events.js';
import { ApiFailure, data, invalidField } from '../failure.js';
import { newId } from '../ids.js';
import type { SiglumeVendor } from '../vendor.js';
import type { WebhookSubscription } from '../webhook-subscriptions.js';
import type { ApiCall } from './guard.js';
import { readLimit } from './paging.js';

/** ASSUMED (U14). */
const HINT_LENGTH = 4;

export function createSubscription(vendor: SiglumeVendor, { body }: ApiCall): Reply {
  const { callback_url: callbackUrl, event_types: eventTypes, description, metadata } = body;
  if (typeof callbackUrl !== 'string') throw invalidField('callback_url', 'is required');
  const { subscription, secret } = vendor.subscriptions.create({
    callbackUrl,
    ...(eventTypes === undefined ? {} : { eventTypes: readTypes(eventTypes) }),
    description: typeof description === 'string' ? description : null,
    metadata: typeof metadata === 'object' ? (metadata as WebhookSubscription['metadata']) : null,
  });
  return data({ ...describe(vendor, subscription), signing_secret: secret }, 201);
}

export function listSubscriptions(vendor: SiglumeVendor): Reply {
  return data(vendor.subscriptions.list().map((subscription) => describe(vendor, subscription)));
}

export function readSubscription(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  return data(describe(vendor, requireSubscription(vendor, params['id'])));
}

export function rotateSecret(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  const { id } = requireSubscription(vendor, params['id']);
  const secret = vendor.subscriptions.rotate(id);
  return data({ ...describe(vendor, vendor.subscriptions.require(id)), signing_secret: secret });
}

export function setStatus(status: WebhookSubscription['status']) {
  return (vendor: SiglumeVendor, { params }: ApiCall): Reply => {
    const { id } = requireSubscription(vendor, params['id']);
    return data(describe(vendor, vendor.subscriptions.setStatus(id, status)));
  };
}

/** Queued, not waited for: how it went is in the list of deliveries. */
export function sendTest(vendor: SiglumeVendor, { body }: ApiCall): Reply {
  const { event_type: type, data: given, subscription_ids: ids } = body;
  if (typeof type !== 'string' || type === '') throw invalidField('event_type', 'is required');
  if (ids !== undefined && !Array.isArray(ids)) throw invalidField('subscription_ids', 'must be a list');
  const probe = readinessProbe(vendor.merchant.key, vendor.time.now());
  const content =
    typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : probe.data;
  const eventId = newId('evt');
  const how = { eventId, ...(ids === undefined ? {} : { subscriptionIds: ids.map(String) }) };
  void vendor.inFlight.track(vendor.sender.send({ type, data: content }, how));
  return data({ queued: true, event: { id: eventId, type } }, 202);
}

/** Newest first. */
export function listDeliveries(vendor: SiglumeVendor, { request }: ApiCall): Reply {
  const query = request.url.searchParams;
  const is = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
  const found = [...vendor.log.list()]
    .reverse()
    .filter(
      (delivery) =>
        is('subscription_id', delivery.subscriptionId) &&
        is('event_type', delivery.eventType) &&
        is('status', statusOf(delivery)),
    );
  return data(found.slice(0, readLimit(query, 20, 100)).map(describeDelivery));
}

export async function redeliver(vendor: SiglumeVendor, { params }: ApiCall): Promise<Reply> {
  const delivery = vendor.log.get(params['id'] ?? '');
  if (delivery === null) throw new ApiFailure(404, 'WEBHOOK_DELIVERY_NOT_FOUND', 'No such delivery');
  return data(describeDelivery(await vendor.sender.redeliver(delivery.id)));
}

function requireSubscription({ subscriptions }: SiglumeVendor, id = ''): WebhookSubscription {
  const subscription = subscriptions.get(id);
  if (subscription === null) {
    throw new ApiFailure(404, 'WEBHOOK_SUBSCRIPTION_NOT_FOUND', 'No such webhook subscription');
  }
  return subscription;
}

function readTypes(value: unknown): readonly string[] {
  const isList = Array.isArray(value) && value.length > 0 && value.every((type) => typeof type === 'string');
  if (!isList) throw invalidField('event_types', 'must list at least one type');
  return value;
}

function describe(
  { subscriptions }: SiglumeVendor,
  subscription: WebhookSubscription,
): Record<string, unknown> {
  return {
    id: subscription.id,
    owner_user_id: 'usr_sandbox',
    callback_url: subscription.callbackUrl,
    status: subscription.status,
    event_types: subscription.eventTypes,
    description: subscription.description,
    signing_secret_hint: subscriptions.currentSecret(subscription.id).slice(-HINT_LENGTH),
    metadata: subscription.metadata,
    last_delivery_at: subscription.lastDeliveryAt,
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  };
}

/** What was lost looks queued to whoever asks. */
function statusOf({ state }: SiglumeDelivery): string {
  return state === 'lost' ? 'queued' : state;
}

function describeDelivery(delivery: SiglumeDelivery): Record<string, unknown> {
  const last = delivery.attempts.at(-1);
  return {
    id: delivery.id,
    subscription_id: delivery.subscriptionId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    idempotency_key: delivery.eventId,
    callback_url: delivery.url,
    delivery_status: statusOf(delivery),
    request_headers: last?.headers ?? null,
    request_body: last?.body ?? delivery.body,
    response_status: last?.status ?? null,
    attempt_count: delivery.attempts.length,
    last_attempt_at: last?.at ?? null,
    delivered_at: delivery.deliveredAt,
    error_message: last?.error ?? null,
    created_at: delivery.createdAt,
    updated_at: delivery.updatedAt,
  };
}
