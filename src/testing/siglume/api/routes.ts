/** The API: every call it answers. */
import { json, type Reply } from '../../ledgerbee/http.js';
import { type Route, route } from '../../ledgerbee/router.js';
import type { SiglumeVendor } from '../vendor.js';
import { confirmSession, redeliverSession } from './by-hand.js';
import { createSession, readSession } from './checkout-sessions.js';
import { type ApiCall, guarded } from './guard.js';
import {
  prepareMandate,
  readMerchant,
  readReadiness,
  rotateChallengeSecret,
  setUpMerchant,
} from './merchants.js';
import { listBatches, listUsages, readBatch, summarize, usagesAsCsv } from './statements.js';
import {
  createSubscription,
  listDeliveries,
  listSubscriptions,
  readSubscription,
  redeliver,
  rotateSecret,
  sendTest,
  setStatus,
} from './webhooks.js';

type Work = (vendor: SiglumeVendor, call: ApiCall) => Reply | Promise<Reply>;

export function apiRoutes(vendor: SiglumeVendor): readonly Route[] {
  const api = (method: Route['method'], path: string, work: Work, isCheckout = false): Route =>
    route(
      method,
      `/v1${path}`,
      guarded(vendor, (call) => work(vendor, call), isCheckout),
    );
  const direct = '/sdrp/direct-payments';
  const provider = '/sdrp/metered/provider';
  const hooks = '/market/webhooks';
  return [
    api('POST', `${direct}/checkout-sessions`, createSession, true),
    api('GET', `${direct}/checkout-sessions/:id`, readSession, true),
    api('POST', `${direct}/merchants`, setUpMerchant),
    api('GET', `${direct}/merchants/:merchant`, readMerchant),
    api('GET', `${direct}/merchants/:merchant/readiness`, readReadiness),
    api('POST', `${direct}/merchants/:merchant/challenge-secret/rotate`, rotateChallengeSecret),
    api('POST', `${direct}/merchants/:merchant/billing-mandate`, prepareMandate),
    route('GET', `/v1${direct}/status`, () => json({ data: { status: 'operational' } })),
    api('GET', `${provider}/summary`, summarize),
    api('GET', `${provider}/usage-events`, listUsages),
    api('GET', `${provider}/settlement-batches`, listBatches),
    api('GET', `${provider}/settlement-batches/:id`, readBatch),
    api('GET', `${provider}/settlement-batches/:id/usage-events.csv`, usagesAsCsv),
    api('POST', `${hooks}/subscriptions`, createSubscription),
    api('GET', `${hooks}/subscriptions`, listSubscriptions),
    api('GET', `${hooks}/subscriptions/:id`, readSubscription),
    api('POST', `${hooks}/subscriptions/:id/rotate-secret`, rotateSecret),
    api('POST', `${hooks}/subscriptions/:id/pause`, setStatus('paused')),
    api('POST', `${hooks}/subscriptions/:id/resume`, setStatus('active')),
    api('POST', `${hooks}/test-deliveries`, sendTest),
    api('GET', `${hooks}/deliveries`, listDeliveries),
    api('POST', `${hooks}/deliveries/:id/redeliver`, redeliver),
    api('POST', '/sandbox/checkout-sessions/:id/confirm', confirmSession),
    api('POST', '/sandbox/checkout-sessions/:id/redeliver', redeliverSession),
  ];
}
