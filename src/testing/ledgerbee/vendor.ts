/** The whole of the tenant's LedgerBee, put together: state and rules, no HTTP. */
import { setTimeout as delay } from 'node:timers/promises';
import { ActivityFeed } from './activity.js';
import { ApiKeys } from './api-keys.js';
import { Assumptions } from './assumptions.js';
import { BindRefs } from './bind-refs.js';
import { Catalogue } from './catalogue.js';
import { CheckoutSessions } from './checkout-sessions.js';
import { type SandboxClock, type TimeScales, VendorTime } from './clock.js';
import { Customers } from './customers.js';
import { DeliveryLog } from './delivery-log.js';
import { InFlight } from './in-flight.js';
import { MagicLinks } from './magic-links.js';
import { Payments } from './payments.js';
import { PlanTokens } from './plan-tokens.js';
import { Scenarios } from './scenarios.js';
import { LICENCES, Settings } from './settings.js';
import { Subscriptions } from './subscriptions.js';
import { WebhookEndpoints } from './webhook-endpoints.js';
import { WebhookSender } from './webhook-sender.js';

export interface VendorOptions {
  readonly clock: SandboxClock;
  readonly scales: TimeScales;
  readonly partnerOrigins: readonly string[];
  readonly allowLoopbackWebhooks: boolean;
  /** Known only once the server listens. */
  readonly portalOrigin: () => string;
}

export type Vendor = ReturnType<typeof createVendor>;

export function createVendor(options: VendorOptions) {
  const closing = new AbortController();
  const time = new VendorTime(options.clock, options.scales);
  const inFlight = new InFlight();
  const activity = new ActivityFeed(() => time.iso());
  const scenarios = new Scenarios((summary) => activity.add('scenario', summary));
  const assumptions = new Assumptions((summary) => activity.add('assumption', summary));
  const settings = new Settings(
    {
      partnerOrigins: options.partnerOrigins,
      inFrameCheckout: true,
      selfSignup: true,
      licences: LICENCES,
      termsVersion: '2026-06-01',
    },
    (summary) => activity.add('setting', summary),
  );
  const catalogue = new Catalogue(() => !scenarios.isOn('plan-not-public'));
  const customers = new Customers();
  const apiKeys = new ApiKeys();
  const planTokens = new PlanTokens(time);
  const bindRefs = new BindRefs(time, scenarios, activity);
  const magicLinks = new MagicLinks(time, options.portalOrigin);
  const endpoints = new WebhookEndpoints(time);
  const deliveryLog = new DeliveryLog();
  const sender = new WebhookSender({
    time,
    endpoints,
    log: deliveryLog,
    scenarios,
    assumptions,
    activity,
    inFlight,
    closing: closing.signal,
  });
  const subscriptions = new Subscriptions(time, assumptions, activity, (events) => sender.emit(events));
  const payments = new Payments(subscriptions, activity);
  const pauseFor = (ms: number): Promise<void> =>
    inFlight.track(delay(ms, undefined, { signal: closing.signal }));
  const sessions = new CheckoutSessions({
    time,
    settings,
    scenarios,
    assumptions,
    activity,
    catalogue,
    planTokens,
    bindRefs,
    subscriptions,
    payments,
    magicLinks,
    pauseFor,
  });
  return {
    time,
    inFlight,
    activity,
    scenarios,
    assumptions,
    settings,
    catalogue,
    customers,
    apiKeys,
    planTokens,
    bindRefs,
    magicLinks,
    endpoints,
    deliveryLog,
    sender,
    subscriptions,
    payments,
    sessions,
    pauseFor,
    allowLoopbackWebhooks: options.allowLoopbackWebhooks,
    portalOrigin: options.portalOrigin,
    closing: closing.signal,
    /** Stops timers and sends, then waits for what was under way. */
    close: async (): Promise<void> => {
      time.stop();
      closing.abort();
      await inFlight.idle();
    },
  } as const;
}
