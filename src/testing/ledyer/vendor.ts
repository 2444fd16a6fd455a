/** The whole of Ledyer, put together: state and rules, no HTTP. */
import { type SandboxClock, VendorTime } from '../ledgerbee/clock.js';
import { InFlight } from '../ledgerbee/in-flight.js';
import { ActivityFeed } from './activity.js';
import { Assumptions } from './assumptions.js';
import { AccessTokens } from './credentials.js';
import { IdempotencyKeys } from './idempotency.js';
import { newId } from './ids.js';
import { NotificationEndpoints } from './notification-endpoints.js';
import { NotificationLog } from './notification-log.js';
import { NotificationSender } from './notification-sender.js';
import { Purchases } from './purchases.js';
import { Scenarios } from './scenarios.js';
import { Trade } from './trade.js';

export interface VendorOptions {
  readonly clock: SandboxClock;
  /** How many times faster than Ledyer's the waits pass: retries, lags, auto-capture, the second before ready. */
  readonly timeScale: number;
  readonly tokenLifetimeSeconds: number;
  /** Pages that may call the control API. */
  readonly partnerOrigins: readonly string[];
  /** Known only once the server listens. */
  readonly pagesOrigin: () => string;
}

export type Vendor = ReturnType<typeof createVendor>;

export function createVendor(options: VendorOptions) {
  const closing = new AbortController();
  const time = new VendorTime(options.clock, { webhooks: options.timeScale, lifetimes: options.timeScale });
  const inFlight = new InFlight();
  const activity = new ActivityFeed(() => time.iso());
  const scenarios = new Scenarios((summary) => activity.add('scenario', summary));
  const assumptions = new Assumptions((summary) => activity.add('assumption', summary));
  const endpoints = new NotificationEndpoints();
  const notificationLog = new NotificationLog();
  const sender = new NotificationSender({
    time,
    endpoints,
    log: notificationLog,
    scenarios,
    assumptions,
    activity,
    inFlight,
    closing: closing.signal,
  });
  const purchases = new Purchases(time, assumptions);
  const trade = new Trade({
    time,
    purchases,
    scenarios,
    assumptions,
    activity,
    emit: (event, purchase) => sender.emit(event, purchase),
  });
  return {
    time,
    inFlight,
    activity,
    scenarios,
    assumptions,
    endpoints,
    notificationLog,
    sender,
    purchases,
    trade,
    tokens: new AccessTokens(time, options.tokenLifetimeSeconds),
    idempotency: new IdempotencyKeys(time, assumptions),
    merchant: { merchantId: newId('ac'), storeId: '9700000000' },
    partnerOrigins: options.partnerOrigins,
    pagesOrigin: options.pagesOrigin,
    /** Stops timers and sends, then waits for what was under way. */
    close: async (): Promise<void> => {
      time.stop();
      closing.abort();
      await inFlight.idle();
    },
  } as const;
}
