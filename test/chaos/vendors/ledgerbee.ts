/** LedgerBee as the harness sees it: signed deliveries, and an API that says what a subscription is now. */
import { randomUUID } from 'node:crypto';
import { createWebhookSecret, signDelivery } from '../../../src/testing/ledgerbee/signer.js';
import type { ApiAnswer, ChaosVendor, Delivery } from '../vendor.js';
import type { LedgerBeeSettings } from './adapter.js';

const PLAN_ID = 'plan-pro';

/** How long the API may not know a subscription that its own webhooks speak of already, in milliseconds. */
const API_LAG_MS = 80;
/** No call to the API may take longer, in milliseconds. The fake's silence outlasts it. */
const CALL_TIMEOUT_MS = 1_000;

const END = 'subscription.churned';

interface Subscription {
  readonly id: string;
  readonly reference: string;
  readonly visibleAtMs: number;
  status: 'active' | 'cancelled';
}

/** What the naive receivers verify with, too. */
export interface LedgerBeeVendor extends ChaosVendor {
  readonly webhookSecret: string;
}

export function ledgerbeeVendor(): LedgerBeeVendor {
  const secret = createWebhookSecret();
  const byReference = new Map<string, Subscription>();
  const byId = new Map<string, Subscription>();

  const message = (topic: string, { id, reference }: Subscription): Delivery => {
    const messageId = `msg_${randomUUID()}`;
    const body = JSON.stringify({
      type: topic,
      timestamp: new Date().toISOString(),
      data: { subscriptionId: id, partnerReferenceId: reference, planId: PLAN_ID },
    });
    return {
      messageId,
      orderRef: reference,
      about: topic === END ? 'end' : 'payment',
      body,
      headers: () => ({
        'content-type': 'application/json',
        ...signDelivery(messageId, Math.floor(Date.now() / 1000), body, [secret]),
      }),
    };
  };

  return {
    name: 'ledgerbee',
    traits: { ends: true, foundBy: 'reconcile', opensInKit: false },
    planId: PLAN_ID,
    webhookSecret: secret,
    adapterSettings: (apiOrigin): LedgerBeeSettings => ({
      apiBaseUrl: `${apiOrigin}/api/v1`,
      apiKey: 'chaos-api-key',
      ssoKey: 'chaos-sso-key',
      webhookSecrets: [secret],
      timeoutMs: CALL_TIMEOUT_MS,
    }),
    open: () => null,
    payable: () => 1,
    sell: (reference) => {
      const visibleAtMs = Date.now() + API_LAG_MS;
      const sold: Subscription = { id: randomUUID(), reference, visibleAtMs, status: 'active' };
      byReference.set(reference, sold);
      byId.set(sold.id, sold);
      return [message('subscription.started', sold), message('subscription.payment_succeeded', sold)];
    },
    end: (reference) => {
      const sold = byReference.get(reference);
      if (sold === undefined) throw new Error(`${reference} was never sold`);
      sold.status = 'cancelled';
      return message(END, sold);
    },
    answer: ({ url }) => {
      const found = /^\/api\/v1\/subscriptions(?:\/([^/]+))?$/.exec(url.pathname);
      if (found === null) return refuse(404);
      const [, id] = found;
      const sold =
        id === undefined ? byReference.get(url.searchParams.get('partnerReferenceId') ?? '') : byId.get(id);
      const visible = sold !== undefined && sold.visibleAtMs <= Date.now() ? sold : undefined;
      if (id !== undefined) return visible === undefined ? refuse(404) : { status: 200, body: show(visible) };
      const data = visible === undefined ? [] : [show(visible)];
      return { status: 200, body: { data, total: data.length } };
    },
    refuse,
    accepts: (status) => status >= 200 && status < 300,
    isAcknowledged: () => true,
    close: () => Promise.resolve(),
  };
}

function show({ id, reference, status }: Subscription): unknown {
  return { id, status, planId: PLAN_ID, customerId: 'cus-1', partnerReferenceId: reference };
}

function refuse(status: number, retryAfterSeconds?: number): ApiAnswer {
  return {
    status,
    body: { statusCode: status, timestamp: new Date().toISOString(), path: '/v1', message: 'refused' },
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
