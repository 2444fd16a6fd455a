/** The whole of the merchant's Siglume, put together: state and rules, no HTTP. */
import { ActivityFeed } from '../ledgerbee/activity.js';
import { type SandboxClock, type TimeScales, VendorTime } from '../ledgerbee/clock.js';
import { InFlight } from '../ledgerbee/in-flight.js';
import { Assumptions } from './assumptions.js';
import { CheckoutSessions } from './checkout-sessions.js';
import { SiglumeDeliveryLog } from './delivery-log.js';
import { FAULTS, type FaultName } from './faults.js';
import { Merchant } from './merchant.js';
import { Metered } from './metered.js';
import { Payments } from './payments.js';
import { Switches } from '../shared/switches.js';
import { SiglumeWebhookSender } from './webhook-sender.js';
import { WebhookSubscriptions } from './webhook-subscriptions.js';

export interface SiglumeVendorOptions {
  readonly clock: SandboxClock;
  readonly scales: TimeScales;
  readonly merchant: string;
  readonly merchantToken: string;
  readonly returnOrigins: readonly string[];
  readonly callbackUrl: string | null;
  /** Pages that may call the control API, beside the checkout's own. */
  readonly controlOrigins: readonly string[];
  /** Known only once the server listens. */
  readonly checkoutOrigin: () => string;
}

export type SiglumeVendor = ReturnType<typeof createSiglumeVendor>;

export function createSiglumeVendor(options: SiglumeVendorOptions) {
  const closing = new AbortController();
  const time = new VendorTime(options.clock, options.scales);
  const inFlight = new InFlight();
  const activity = new ActivityFeed(() => time.iso());
  const faults = new Switches<FaultName>(FAULTS, (summary) => activity.add('scenario', summary));
  const assumptions = new Assumptions((summary) => activity.add('assumption', summary));
  const merchant = new Merchant(options.merchant, options.returnOrigins, options.callbackUrl, (summary) =>
    activity.add('setting', summary),
  );
  const subscriptions = new WebhookSubscriptions(time, assumptions);
  const log = new SiglumeDeliveryLog(() => time.iso());
  const sender = new SiglumeWebhookSender({
    time,
    subscriptions,
    log,
    faults,
    assumptions,
    activity,
    inFlight,
    closing: closing.signal,
  });
  const sessions = new CheckoutSessions({ time, merchant, assumptions, activity });
  const metered = new Metered({ time, faults, activity, emit: (events) => sender.emit(events) });
  const payments = new Payments({
    time,
    sessions,
    metered,
    assumptions,
    faults,
    activity,
    emit: (events) => sender.emit(events),
  });
  return {
    time,
    inFlight,
    activity,
    faults,
    assumptions,
    merchant,
    subscriptions,
    log,
    sender,
    sessions,
    metered,
    payments,
    merchantToken: options.merchantToken,
    controlOrigins: options.controlOrigins,
    checkoutOrigin: options.checkoutOrigin,
    /** Stops timers and sends, then waits for what was under way. */
    close: async (): Promise<void> => {
      time.stop();
      closing.abort();
      await inFlight.idle();
    },
  } as const;
}
