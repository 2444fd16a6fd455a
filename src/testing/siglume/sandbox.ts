/**
 * A faithful Siglume SDRP on this machine: the API, the hosted checkout on its own origin, and the webhook sender.
 * Stricter than the vendor's own sandbox: it looks at tokens, return origins, nonces and expiry. It listens on
 * 127.0.0.1 alone, keeps everything in memory, and sends to nobody but the addresses it is given. What the vendor
 * has not published is in {@link AssumptionValues}.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { ActivityEntry } from '../ledgerbee/activity.js';
import { type SandboxClock, systemClock, type TimeScales } from '../ledgerbee/clock.js';
import { serve } from '../ledgerbee/http.js';
import type { AssumptionName, AssumptionValues } from './assumptions.js';
import { batchAction, sessionAction, type BatchAction, type SessionAction } from './buyer-actions.js';
import type { CheckoutSession } from './checkout-sessions.js';
import type { SiglumeDelivery } from './delivery-log.js';
import { createDispatch } from './dispatch.js';
import { readinessProbe } from './events.js';
import type { FaultName } from './faults.js';
import type { ReadinessCheck } from './merchant.js';
import type { MeteredUsageRecord, SettlementBatchRecord } from './metered-records.js';
import type { SiglumePayment } from './payments.js';
import { createSiglumeWebhookSecret } from './signer.js';
import type { SwitchState, SwitchValue } from '../shared/switches.js';
import { createSiglumeVendor } from './vendor.js';
import type { NewWebhookSubscription, WebhookSubscription } from './webhook-subscriptions.js';

export interface SiglumeSandboxOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Host of the hosted checkout, a loopback name. Default `pay.siglume.localhost`. */
  readonly checkoutHost?: string;
  /** Default `sandbox_shop`. */
  readonly merchant?: string;
  /** Origins the buyer may return to; that of the webhook's URL is one without being listed. */
  readonly returnOrigins: readonly string[];
  /** One subscription from the start, to confirmed and spent payments. */
  readonly webhook?: { readonly url: string; readonly secret?: string };
  /** Pages that may drive the sandbox over `/_sandbox`. Default: {@link SiglumeSandboxOptions.returnOrigins}. */
  readonly controlOrigins?: readonly string[];
  /** 60: a vendor's minute passes in a second. One number for all, or retries and lifetimes apart. Default 1. */
  readonly timeScale?: number | Partial<TimeScales>;
  readonly clock?: SandboxClock;
}

export interface SiglumeSandbox {
  /** E.g. `http://127.0.0.1:4340/v1`. */
  readonly apiBaseUrl: string;
  /** E.g. `http://pay.siglume.localhost:4340`; for browsers, which take every `*.localhost` for this machine. */
  readonly checkoutOrigin: string;
  /** The checkout's pages by address, for a client without a browser's rule for `*.localhost`. */
  readonly checkoutAddress: string;
  readonly merchant: string;
  readonly merchantToken: string;
  /** Secret of the subscription made from `webhook`, and of those {@link SiglumeSandbox.webhooks} adds without one. */
  readonly webhookSecret: string;
  /** Changes when it is rotated over the API. */
  challengeSecret(): string;
  readonly faults: {
    set(name: FaultName, to: SwitchValue): void;
    list(): readonly SwitchState<FaultName>[];
    reset(): void;
  };
  readonly assumptions: {
    set<Name extends AssumptionName>(name: Name, value: AssumptionValues[Name]): void;
    current(): AssumptionValues;
    reset(): void;
  };
  /** Takes a prerequisite of live checkout away, or gives it back. */
  setReadiness(check: ReadinessCheck, isMet: boolean): void;
  readonly sessions: {
    list(): readonly CheckoutSession[];
    /**
     * @param buyer Whose wallet, for `sign-in` and `buy`.
     * @throws {Error} where the session does not allow it.
     */
    act(id: string, action: SessionAction, buyer?: string): CheckoutSession;
  };
  readonly payments: { list(): readonly SiglumePayment[] };
  readonly metered: {
    usages(): readonly MeteredUsageRecord[];
    batches(): readonly SettlementBatchRecord[];
    /** Closes every open period, as its week or month would. */
    closePeriods(): readonly SettlementBatchRecord[];
    /** @throws {RangeError} for a batch that is settled or given up. */
    act(id: string, action: BatchAction): SettlementBatchRecord;
  };
  readonly webhooks: {
    add(subscription: NewWebhookSubscription): WebhookSubscription;
    list(): readonly WebhookSubscription[];
    /** @returns The new secret. */
    rotateSecret(id: string): string;
    pause(id: string): void;
    resume(id: string): void;
  };
  readonly deliveries: {
    list(): readonly SiglumeDelivery[];
    /** Same event id and bytes, signed anew. */
    redeliver(id: string): Promise<SiglumeDelivery>;
    /** Its last request once more, byte for byte. */
    replay(id: string): Promise<SiglumeDelivery>;
    /** The readiness check's harmless event. */
    probe(): Promise<readonly SiglumeDelivery[]>;
    /** Anything at all, well signed. `body` is sent as it is in place of an envelope. */
    send(
      type: string,
      data: object,
      how?: { readonly eventId?: string; readonly body?: string },
    ): Promise<readonly SiglumeDelivery[]>;
  };
  readonly activity: { list(): readonly ActivityEntry[] };
  /** @returns How to stop listening. */
  onActivity(listener: (entry: ActivityEntry) => void): () => void;
  /** Resolves when nothing is being sent. Retries that are due later do not count. */
  idle(): Promise<void>;
  /** Ends every stream, connection, timer and send. */
  close(): Promise<void>;
}

/** @throws {Error} `EADDRINUSE` when the port is taken; `RangeError` for options that cannot be. */
export async function createSiglumeSandbox(options: SiglumeSandboxOptions): Promise<SiglumeSandbox> {
  const { timeScale = 1, checkoutHost = 'pay.siglume.localhost' } = options;
  const scales: TimeScales =
    typeof timeScale === 'number'
      ? { webhooks: timeScale, lifetimes: timeScale }
      : { webhooks: 1, lifetimes: 1, ...timeScale };
  const webhookSecret = options.webhook?.secret ?? createSiglumeWebhookSecret();
  const merchantToken = `usr_${randomBytes(24).toString('base64url')}`;
  let port = 0;
  const vendor = createSiglumeVendor({
    clock: options.clock ?? systemClock,
    scales,
    merchant: options.merchant ?? 'sandbox_shop',
    merchantToken,
    returnOrigins: options.returnOrigins,
    callbackUrl: options.webhook?.url ?? null,
    controlOrigins: options.controlOrigins ?? options.returnOrigins,
    checkoutOrigin: () => `http://${checkoutHost}:${port}`,
  });
  if (options.webhook !== undefined) {
    vendor.subscriptions.create({ callbackUrl: options.webhook.url, secret: webhookSecret });
  }
  const server = serve(createDispatch(vendor));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  const address = `http://127.0.0.1:${port}`;
  const { faults, assumptions, merchant, sessions, payments, metered, subscriptions, sender, log } = vendor;
  return {
    apiBaseUrl: `${address}/v1`,
    checkoutOrigin: vendor.checkoutOrigin(),
    checkoutAddress: address,
    merchant: merchant.key,
    merchantToken,
    webhookSecret,
    challengeSecret: () => merchant.challengeSecret,
    faults,
    assumptions: {
      set: (name, value) => assumptions.set(name, value),
      current: () => assumptions.current,
      reset: () => assumptions.reset(),
    },
    setReadiness: (check, isMet) => merchant.setReadiness(check, isMet),
    sessions: {
      list: () => sessions.list(),
      act: (id, action, buyer) => sessionAction(vendor, id, action, buyer),
    },
    payments: { list: () => payments.list() },
    metered: {
      usages: () => metered.usages(),
      batches: () => metered.batches(),
      closePeriods: () => metered.closePeriods(),
      act: (id, action) => batchAction(vendor, id, action),
    },
    webhooks: {
      add: (fresh) => subscriptions.create({ secret: webhookSecret, ...fresh }).subscription,
      list: () => subscriptions.list(),
      rotateSecret: (id) => subscriptions.rotate(id),
      pause: (id) => void subscriptions.setStatus(id, 'paused'),
      resume: (id) => void subscriptions.setStatus(id, 'active'),
    },
    deliveries: {
      list: () => log.list(),
      redeliver: (id) => sender.redeliver(id),
      replay: (id) => sender.replay(id),
      probe: () => sender.send(readinessProbe(merchant.key, vendor.time.now())),
      send: (type, data, how = {}) => sender.send({ type, data: { ...data } }, how),
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
