/** Facts of one order, short to write, and the decision on a list of them. */
import {
  decideOrder,
  factKey,
  type Fact,
  type OrderDecision,
  type OrderView,
} from '../../src/fulfillment/order-facts.js';
import type { EffectKind, Observation } from '../../src/fulfillment/ports.js';
import type { Resolution } from '../../src/fulfillment/review-answers.js';

export const REF = 'order-1';
export const AT = '2026-06-01T12:00:00.000Z';
export const LATER = '2026-06-01T12:30:00.000Z';

export function expected(fields: Partial<Extract<Fact, { kind: 'expected' }>> = {}): Fact {
  return {
    kind: 'expected',
    attemptId: 'attempt-1',
    at: AT,
    planId: 'plan-1',
    amountMinor: null,
    currency: null,
    ...fields,
  };
}

export function announced(subject: string, topic = 'subscription.assigned'): Fact {
  return { kind: 'announced', subject, topic, messageId: `msg-${topic}` };
}

export function observed(
  generation: number,
  access: Observation['access'],
  fields: Partial<Observation> = {},
): Fact {
  return {
    kind: 'observed',
    generation,
    observation: {
      subject: 'sub-a',
      reference: REF,
      access,
      vendorStatus: access,
      planId: 'plan-1',
      customerId: 'customer-1',
      ...fields,
    },
  };
}

export function begun(effect: EffectKind, epoch = '', run = 1): Fact {
  return { kind: 'effect-begun', effect, epoch, run };
}

/** The merchant's function said that nothing happened. */
export function notDone(run: number, effect: EffectKind = 'fulfill', epoch = ''): Fact {
  return { kind: 'effect-not-done', effect, epoch, run };
}

export function outcomeUnknown(run: number, effect: EffectKind = 'fulfill', epoch = ''): Fact {
  return { kind: 'effect-outcome-unknown', effect, epoch, run, why: 'worker-lost' };
}

export function done(effect: EffectKind, subject?: string, epoch = ''): Fact {
  return { kind: 'effect-done', effect, epoch, ...(subject === undefined ? {} : { subject }) };
}

export function deadLetter(tries: number, effect: EffectKind = 'fulfill'): Fact {
  return { kind: 'effect-dead-letter', effect, epoch: '', tries };
}

export function resolved(reviewKey: string, resolution: Resolution): Fact {
  return { kind: 'review-resolved', reviewKey, resolution };
}

/** The first of two facts under one key stays, as in the store. */
export function factSet(facts: readonly Fact[]): Record<string, Fact> {
  const set: Record<string, Fact> = {};
  for (const fact of facts) set[factKey(fact)] ??= fact;
  return set;
}

export function decide(facts: readonly Fact[], view: Partial<OrderView> = {}): OrderDecision {
  return decideOrder({ ref: REF, vendor: 'ledgerbee', unreferenced: null, ...view, facts: factSet(facts) });
}

export function kinds(decision: OrderDecision): readonly EffectKind[] {
  return decision.effects.map(({ kind }) => kind);
}
