/** The contract's sequences of one purchase, each a list of acts that are done one at a time. */
import type { LedyerActs } from './acts.js';
import { sampleSession, type SampleOptions } from './sample-basket.js';
import type { Vendor } from './vendor.js';

/** What a journey asks of its session. */
export interface JourneyNeeds {
  readonly product?: 'checkout' | 'payments';
  readonly securityLevel?: number;
  readonly autoCaptureDelayMinutes?: number;
}

export type JourneyStep = readonly [label: string, act: (acts: LedyerActs, id: string) => void];

export interface JourneyPlan {
  readonly needs: JourneyNeeds;
  /** A scenario that is taken once when the buyer pays. */
  readonly scenario?: 'buyer-reviewed';
  readonly steps: readonly JourneyStep[];
}

const pays = (method: 'invoice' | 'advanceInvoice' | 'card'): JourneyStep => [
  `the buyer pays by ${method}`,
  (acts, id) => acts.pay(id, method),
];
const approved: JourneyStep = ['Ledyer approves the order', (acts, id) => acts.approve(id)];
const signed: JourneyStep = ['the signatory approves', (acts, id) => acts.sign(id)];
const capturesAPart: JourneyStep = ['a part is captured', (acts, id) => acts.captureFirstLine(id)];
const capturesTheRest: JourneyStep = ['the rest is captured', (acts, id) => acts.capture(id)];

export const LEDYER_JOURNEYS = {
  invoice: { needs: {}, steps: [pays('invoice')] },
  'manual-review': { needs: {}, scenario: 'buyer-reviewed', steps: [pays('invoice'), approved] },
  signatory: { needs: { securityLevel: 300 }, steps: [pays('invoice'), signed] },
  'signatory-declines': {
    needs: { securityLevel: 300 },
    steps: [pays('invoice'), ['the signatory declines', (acts, id) => acts.decline(id)]],
  },
  'advance-invoice': {
    needs: {},
    steps: [pays('advanceInvoice'), ['the advance invoice is paid', (acts, id) => acts.approve(id)]],
  },
  'card-auto-capture': { needs: { autoCaptureDelayMinutes: 180 }, steps: [pays('card')] },
  'two-partial-captures': {
    needs: {},
    steps: [pays('invoice'), capturesAPart, capturesAPart, capturesTheRest],
  },
  'partial-then-full-refund': {
    needs: {},
    steps: [
      pays('invoice'),
      capturesTheRest,
      ['a part is refunded', (acts, id) => acts.refundFirstLine(id)],
      ['the rest is refunded', (acts, id) => acts.refund(id)],
    ],
  },
  'cancel-before-capture': {
    needs: {},
    steps: [pays('invoice'), ['the order is cancelled', (acts, id) => acts.cancel(id)]],
  },
  'payments-signed-later': {
    needs: { product: 'payments', securityLevel: 300 },
    steps: [pays('invoice'), signed],
  },
} as const satisfies Readonly<Record<string, JourneyPlan>>;
export type LedyerJourneyName = keyof typeof LEDYER_JOURNEYS;

export interface LedyerJourney {
  readonly sessionId: string;
  /** `null` in the Payments product until the merchant makes the order. */
  readonly orderId: string | null;
  /** Done so far, in words. */
  readonly done: readonly string[];
  /** Does the next step. @returns its words, or `null` when all are done. @throws {Error} where it cannot be done now. */
  next(): string | null;
}

/** Opens the journey's session; nothing else is done yet. */
export function beginJourney(
  name: LedyerJourneyName,
  vendor: Vendor,
  acts: LedyerActs,
  sample: SampleOptions,
): LedyerJourney {
  const plan: JourneyPlan = LEDYER_JOURNEYS[name];
  const { product = 'checkout', ...needs } = plan.needs;
  const { session } = vendor.trade.open(product, sampleSession({ ...sample, ...needs }), vendor.merchant);
  const orderId = (): string | null => vendor.purchases.require(session.id).orderId;
  const done: string[] = [];
  return {
    sessionId: session.id,
    get orderId() {
      return orderId();
    },
    done,
    next: () => {
      const step = plan.steps[done.length];
      if (step === undefined) return null;
      const [label, act] = step;
      if (done.length === 0 && plan.scenario !== undefined) vendor.scenarios.set(plan.scenario, { times: 1 });
      act(acts, done.length === 0 ? session.id : (orderId() ?? session.id));
      done.push(label);
      return label;
    },
  };
}
