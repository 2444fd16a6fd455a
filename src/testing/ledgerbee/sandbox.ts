/**
 * A faithful LedgerBee on this machine: the portal with its frames, embed.js, the public API and the webhook
 * sender. It listens on 127.0.0.1 alone, keeps everything in memory, and sends to nobody but the webhook
 * endpoints it is given. What the real vendor's documentation leaves open is in {@link AssumptionValues}.
 */
import type { AddressInfo } from 'node:net';
import type { ActivityEntry } from './activity.js';
import type { AssumptionName, AssumptionValues } from './assumptions.js';
import type { ApiKey, NewApiKey } from './api-keys.js';
import { type SandboxClock, systemClock, type TimeScales } from './clock.js';
import type { Customer } from './customers.js';
import type { Delivery } from './delivery-log.js';
import { createDispatch } from './dispatch.js';
import { serve } from './http.js';
import type { Mail } from './magic-links.js';
import { embedSnippet } from './portal/snippet.js';
import type { ScenarioName, ScenarioState, ScenarioSwitch } from './scenarios.js';
import { type SeededPlans, seededPlans } from './seeded-plans.js';
import { SEED } from './seed.js';
import type { SettingValues } from './settings.js';
import { createWebhookSecret } from './signer.js';
import { type SubscriptionActions, subscriptionActions } from './subscription-actions.js';
import type { NewSubscription, Subscription } from './subscriptions.js';
import { createVendor } from './vendor.js';
import type { NewWebhookEndpoint, WebhookEndpoint } from './webhook-endpoints.js';
import type { HandSentOptions } from './webhook-sender.js';

export interface LedgerBeeSandboxOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Host of the portal, a loopback name. Default `acme.portal.localhost`. */
  readonly portalHost?: string;
  /** The allowlist: who may frame the portal, and call it from a page. */
  readonly partnerOrigins: readonly string[];
  /** One endpoint from the start, loopback allowed; without `topics` it gets every `subscription.*`. */
  readonly webhook?: NewWebhookEndpoint;
  /** Lets loopback URLs through when an endpoint is made over the API, where the real one refuses them. Default false. */
  readonly allowLoopbackWebhooks?: boolean;
  /** 60: a vendor's minute passes in a second. One number for all, or retries and lifetimes apart. Default 1. */
  readonly timeScale?: number | Partial<TimeScales>;
  readonly clock?: SandboxClock;
}

export interface LedgerBeeSandbox {
  /** E.g. `http://acme.portal.localhost:4320`; for browsers, which take every `*.localhost` for this machine. */
  readonly portalOrigin: string;
  /** E.g. `http://127.0.0.1:4320/api/v1`. */
  readonly apiBaseUrl: string;
  /** The portal's pages by address, for a client without a browser's rule for `*.localhost`. */
  readonly portalAddress: string;
  readonly keys: { readonly sso: string; readonly api: string };
  /** Secret of the endpoint made from `webhook`, and of those {@link LedgerBeeSandbox.webhooks} adds without one. */
  readonly webhookSecret: string;
  /** The snippet an operator copies, for one surface: `/embed/pro-plan?target=inline`. */
  snippet(path: string): string;
  readonly plans: SeededPlans;
  readonly customers: { readonly company: Customer; readonly person: Customer };
  readonly customerGroups: readonly { readonly id: string; readonly name: string }[];
  readonly scenarios: {
    set(name: ScenarioName, to: ScenarioSwitch): void;
    list(): readonly ScenarioState[];
    reset(): void;
  };
  readonly assumptions: {
    set<Name extends AssumptionName>(name: Name, value: AssumptionValues[Name]): void;
    current(): AssumptionValues;
    reset(): void;
  };
  /** What the operator sets in LedgerBee's own app. */
  readonly settings: {
    set(change: Partial<SettingValues>): void;
    current(): SettingValues;
    publishTerms(): void;
    reset(): void;
  };
  readonly apiKeys: { create(options?: NewApiKey): ApiKey; createSso(options?: NewApiKey): ApiKey };
  readonly webhooks: {
    /** Adds an endpoint without the public-HTTPS check. */
    add(endpoint: NewWebhookEndpoint): WebhookEndpoint;
    list(): readonly WebhookEndpoint[];
    /** @returns The new secret; the old one signs beside it for a day. */
    rollSecret(endpointId: string): string;
    remove(endpointId: string): void;
  };
  readonly mail: { list(): readonly Mail[] };
  readonly deliveries: {
    list(): readonly Delivery[];
    /** Same id and body, signed anew. `id` of the delivery or its `webhook-id`. */
    redeliver(id: string): Promise<Delivery>;
    /** Its last request once more, byte for byte. */
    replay(id: string): Promise<Delivery>;
    send(topic: string, data: object, options?: HandSentOptions): Promise<readonly Delivery[]>;
  };
  readonly subscriptions: SubscriptionActions & {
    list(): readonly Subscription[];
    /** As sales staff assign one, or as a checkout leaves one. */
    create(fresh: Partial<NewSubscription>): Subscription;
  };
  readonly activity: { list(): readonly ActivityEntry[] };
  /** @returns How to stop listening. */
  onActivity(listener: (entry: ActivityEntry) => void): () => void;
  /** Resolves when nothing is being sent or processed. Retries that are due later do not count. */
  idle(): Promise<void>;
  /** Ends every stream, connection, timer and send. */
  close(): Promise<void>;
}

/** @throws {Error} `EADDRINUSE` when the port is taken. */
export async function createLedgerBeeSandbox(options: LedgerBeeSandboxOptions): Promise<LedgerBeeSandbox> {
  const { timeScale = 1 } = options;
  const scales = typeof timeScale === 'number' ? { webhooks: timeScale, lifetimes: timeScale } : timeScale;
  const portalHost = options.portalHost ?? 'acme.portal.localhost';
  let port = 0;
  const vendor = createVendor({
    clock: options.clock ?? systemClock,
    scales: { webhooks: scales.webhooks ?? 1, lifetimes: scales.lifetimes ?? 1 },
    partnerOrigins: options.partnerOrigins,
    allowLoopbackWebhooks: options.allowLoopbackWebhooks ?? false,
    portalOrigin: () => `http://${portalHost}:${port}`,
  });
  const actions = subscriptionActions(vendor.subscriptions, () => vendor.time.now());
  const webhookSecret = options.webhook?.secret ?? createWebhookSecret();
  if (options.webhook !== undefined) vendor.endpoints.create({ secret: webhookSecret, ...options.webhook });

  const dispatch = createDispatch(vendor, actions);
  const server = serve((request) => vendor.inFlight.track(dispatch(request)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;

  return {
    portalOrigin: vendor.portalOrigin(),
    portalAddress: `http://127.0.0.1:${port}`,
    apiBaseUrl: `http://127.0.0.1:${port}/api/v1`,
    keys: { sso: vendor.apiKeys.createSso().key, api: vendor.apiKeys.create().key },
    webhookSecret,
    snippet: (path) => embedSnippet(vendor.portalOrigin(), path),
    plans: seededPlans('en'),
    customers: SEED.customers,
    customerGroups: SEED.customerGroups,
    scenarios: vendor.scenarios,
    assumptions: {
      set: (name, value) => vendor.assumptions.set(name, value),
      current: () => vendor.assumptions.current,
      reset: () => vendor.assumptions.reset(),
    },
    settings: {
      set: (change) => vendor.settings.set(change),
      current: () => vendor.settings.current,
      publishTerms: () => vendor.settings.publishTerms(),
      reset: () => vendor.settings.reset(),
    },
    apiKeys: vendor.apiKeys,
    webhooks: {
      add: (endpoint) => vendor.endpoints.create({ secret: webhookSecret, ...endpoint }).endpoint,
      list: () => vendor.endpoints.list(),
      rollSecret: (id) => vendor.endpoints.roll(id).secret,
      remove: (id) => vendor.endpoints.delete(id),
    },
    mail: vendor.magicLinks,
    deliveries: {
      list: () => vendor.deliveryLog.list(),
      redeliver: (id) => vendor.sender.redeliver(id),
      replay: (id) => vendor.sender.replay(id),
      send: (topic, data, how = {}) => vendor.sender.sendByHand({ topic, data: { ...data } }, how),
    },
    subscriptions: {
      ...actions,
      list: () => vendor.subscriptions.list(),
      create: (fresh) =>
        vendor.subscriptions.create({
          customerId: SEED.customers.company.id,
          planId: SEED.pro.plan.id,
          planItemId: SEED.pro.items.monthly.id,
          partnerReferenceId: null,
          startDate: null,
          ...fresh,
        }),
    },
    activity: { list: () => vendor.activity.list() },
    onActivity: (listener) => vendor.activity.subscribe(listener),
    idle: () => vendor.inFlight.idle(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await vendor.close();
      await closed;
    },
  };
}
