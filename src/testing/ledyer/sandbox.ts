/**
 * A faithful Ledyer on this machine: token endpoint, sessions, orders, payment status, the hosted checkout, the
 * merchant portal's notification dashboard and the sender of notifications. It listens on 127.0.0.1 alone, keeps
 * everything in memory, and sends to nobody but the endpoints it is given. What the real vendor's documentation
 * leaves open is in {@link LedyerAssumptionValues}.
 */
import type { AddressInfo } from 'node:net';
import { type SandboxClock, systemClock } from '../ledgerbee/clock.js';
import { serve } from '../ledgerbee/http.js';
import type { LedyerActivityEntry } from './activity.js';
import { type LedyerActs, ledyerActs } from './acts.js';
import type { LedyerAssumptionName, LedyerAssumptionValues } from './assumptions.js';
import { type LedyerCredentials, TOKEN_LIFETIME_SECONDS } from './credentials.js';
import { createDispatch } from './dispatch.js';
import type { LedyerEvent } from './event-types.js';
import { beginJourney, type LedyerJourney, type LedyerJourneyName } from './journeys.js';
import type { LedyerEndpoint } from './notification-endpoints.js';
import type { LedyerNotification } from './notification-log.js';
import type { Purchase } from './purchases.js';
import { sampleSession, type SampleOptions } from './sample-basket.js';
import type { LedyerScenarioName, LedyerScenarioState, LedyerScenarioSwitch } from './scenarios.js';
import { createVendor } from './vendor.js';

export interface LedyerSandboxOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Host of the buyer's pages, a loopback name. Default `pos.ledyer.localhost`. */
  readonly pagesHost?: string;
  /** One endpoint from the start, as registered in the merchant portal. */
  readonly notifications?: LedyerEndpoint;
  /** Pages that may call the control API. Default: none but the sandbox's own. */
  readonly partnerOrigins?: readonly string[];
  /** How long an access token holds, in real seconds. Default 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** 60: a vendor's minute passes in a second. Tokens, sessions and orders keep their own time. Default 1. */
  readonly timeScale?: number;
  readonly clock?: SandboxClock;
}

export interface LedyerSandbox {
  /** E.g. `http://127.0.0.1:4320`: answers `/oauth/token`. */
  readonly authBaseUrl: string;
  /** E.g. `http://127.0.0.1:4320`: answers `/v1/…`. */
  readonly apiBaseUrl: string;
  /** E.g. `http://pos.ledyer.localhost:4320`; for browsers, which take every `*.localhost` for this machine. */
  readonly pagesOrigin: string;
  /** The notification dashboard. */
  readonly dashboardUrl: string;
  readonly credentials: LedyerCredentials;
  /** Of another merchant, to whom nothing here belongs. */
  readonly foreignCredentials: LedyerCredentials;
  /** Where the buyer is sent: the hosted checkout of one session. */
  checkoutUrl(sessionId: string): string;
  /** Where the signatory of a session answers. */
  signatoryUrl(sessionId: string): string;
  readonly scenarios: {
    set(name: LedyerScenarioName, to: LedyerScenarioSwitch): void;
    list(): readonly LedyerScenarioState[];
    reset(): void;
  };
  readonly assumptions: {
    set<Name extends LedyerAssumptionName>(name: Name, value: LedyerAssumptionValues[Name]): void;
    current(): LedyerAssumptionValues;
    reset(): void;
  };
  readonly tokens: {
    /** Given out so far. */
    issued(): number;
    /** Every token stops holding; the next call with one is answered 401. */
    revokeAll(): void;
  };
  /** What is not the merchant's own backend's to do. @throws {Error} where it cannot be done now. */
  readonly acts: LedyerActs;
  readonly purchases: {
    list(): readonly Purchase[];
    /** A session of three lines, opened without a call. */
    open(options?: SampleOptions & { readonly product?: 'checkout' | 'payments' }): Purchase;
  };
  /** What the Payments dialog hands to the page; `null` where nothing is authorized or the token is spent. */
  authorizationTokenOf(sessionId: string): string | null;
  /** One of the contract's sequences, a step at a time. */
  begin(name: LedyerJourneyName, options?: SampleOptions): LedyerJourney;
  readonly notifications: {
    list(): readonly LedyerNotification[];
    /** As from the dashboard. */
    replay(id: string): Promise<LedyerNotification>;
    /** What anybody can send: to every endpoint, once. `body` stands in for one in the vendor's form. */
    sendStray(event: LedyerEvent, body?: string): Promise<readonly LedyerNotification[]>;
    register(endpoint: LedyerEndpoint): void;
    unregister(url: string): void;
  };
  readonly activity: { list(): readonly LedyerActivityEntry[] };
  /** @returns How to stop listening. */
  onActivity(listener: (entry: LedyerActivityEntry) => void): () => void;
  /** Resolves when nothing is being sent or processed. What is due later does not count. */
  idle(): Promise<void>;
  /** Ends every stream, connection, timer and send. */
  close(): Promise<void>;
}

/** @throws {Error} `EADDRINUSE` when the port is taken. */
export async function createLedyerSandbox(options: LedyerSandboxOptions = {}): Promise<LedyerSandbox> {
  const pagesHost = options.pagesHost ?? 'pos.ledyer.localhost';
  let port = 0;
  const vendor = createVendor({
    clock: options.clock ?? systemClock,
    timeScale: options.timeScale ?? 1,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? TOKEN_LIFETIME_SECONDS,
    partnerOrigins: options.partnerOrigins ?? [],
    pagesOrigin: () => `http://${pagesHost}:${port}`,
  });
  if (options.notifications !== undefined) vendor.endpoints.add(options.notifications);
  const acts = ledyerActs(vendor.trade);
  const dispatch = createDispatch(vendor, acts);
  const server = serve((request) => vendor.inFlight.track(dispatch(request)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  const address = `http://127.0.0.1:${port}`;
  const pagesOrigin = vendor.pagesOrigin();

  return {
    authBaseUrl: address,
    apiBaseUrl: address,
    pagesOrigin,
    dashboardUrl: `${pagesOrigin}/merchant/notifications`,
    credentials: vendor.tokens.add(vendor.merchant.merchantId),
    foreignCredentials: vendor.tokens.add('ac_another'),
    checkoutUrl: (sessionId) => `${pagesOrigin}/?sessionId=${encodeURIComponent(sessionId)}`,
    signatoryUrl: (sessionId) => `${pagesOrigin}/sign/${encodeURIComponent(sessionId)}`,
    scenarios: vendor.scenarios,
    assumptions: {
      set: (name, value) => vendor.assumptions.set(name, value),
      current: () => vendor.assumptions.current,
      reset: () => vendor.assumptions.reset(),
    },
    tokens: { issued: () => vendor.tokens.issued, revokeAll: () => vendor.tokens.revokeAll() },
    acts,
    purchases: {
      list: () => vendor.purchases.list(),
      open: ({ product = 'checkout', ...sample } = {}) =>
        vendor.trade.open(product, sampleSession(sample), vendor.merchant),
    },
    authorizationTokenOf: (sessionId) => vendor.trade.authorizations.of(sessionId),
    begin: (name, sample = {}) => beginJourney(name, vendor, acts, sample),
    notifications: {
      list: () => vendor.notificationLog.list(),
      replay: (id) => vendor.sender.replay(id),
      sendStray: (event, body) =>
        vendor.sender.sendStray(event, vendor.purchases.find(event.orderId ?? event.sessionId ?? ''), body),
      register: (endpoint) => vendor.endpoints.add(endpoint),
      unregister: (url) => vendor.endpoints.remove(url),
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
