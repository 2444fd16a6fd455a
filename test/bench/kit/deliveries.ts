/** Deliveries as LedgerBee sends them: each of an order, a subscription and a message that nobody saw before. */
import { randomBytes } from 'node:crypto';
import { signDelivery } from '../../../src/testing/ledgerbee/signer.js';

export interface RawDelivery {
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One key for one run: what a stopwatch must not do is repeat an id. */
const RUN = randomBytes(6).toString('hex');
let made = 0;

/** A `subscription.started` of about 0.8 kB, signed. */
export function newDelivery(secret: string): RawDelivery {
  const n = (made += 1);
  const messageId = `msg_${RUN}${process.pid}_${n}`;
  const id = `${RUN}-${process.pid}-${n}`;
  const now = new Date();
  const body = JSON.stringify({
    id: messageId,
    type: 'subscription.started',
    timestamp: now.toISOString(),
    data: {
      subscriptionId: `sub-${id}`,
      versionId: `ver-${id}`,
      customerId: `cus-${id}`,
      planId: 'pln-0f6c5a4e-6f0e-4f29-8a35-8d3b1a1f7f01',
      status: 'active',
      partnerReferenceId: `order-${id}`,
      startDate: '2026-11-25',
      trialEndDate: null,
      cancellationDate: null,
      billing: { currency: 'DKK', interval: 'month', intervalCount: 1, nextInvoiceDate: '2026-12-25' },
      items: Array.from({ length: 2 }, (_, index) => ({
        planItemId: `itm-8a35-8d3b1a1f7f0${index}`,
        productNumber: `10${index}`,
        name: index === 0 ? 'Monthly fee' : 'Extra seats',
        quantity: index + 1,
        unitPriceMinor: 19_900,
      })),
    },
  });
  return {
    messageId,
    headers: signDelivery(messageId, Math.floor(now.getTime() / 1000), body, [secret]),
    body,
  };
}
