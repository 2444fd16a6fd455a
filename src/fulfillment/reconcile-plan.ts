/** When is a vendor asked about an attempt? Pure. */
import type { OrderStatus } from '../protocol/index.js';
import type { AttemptClaim } from './postgres/claim-attempts.js';
import type { Asked } from './postgres/finish-attempt-claim.js';
import type { Schedule } from './schedule.js';

/** Shortest pause before a signal's next question, in milliseconds. A further signal is followed up at once. */
const MIN_PAUSE_MS = 250;

/** When to ask again after an answer: the rest of the signal's short schedule first, then the token's long one. */
export function planNext(
  schedule: Schedule,
  claim: AttemptClaim,
  nowMs: number,
): Pick<Asked, 'step' | 'signalStep' | 'nextAtMs' | 'over'> {
  const nextSignalStep = claim.signalStep === null ? null : claim.signalStep + 1;
  const signalDelayMs = nextSignalStep === null ? undefined : schedule.signalDelaysMs[nextSignalStep];
  if (signalDelayMs !== undefined) {
    return {
      step: claim.step,
      signalStep: nextSignalStep,
      nextAtMs: nowMs + Math.max(signalDelayMs, MIN_PAUSE_MS),
      over: false,
    };
  }
  const endMs = claim.lastTokenAtMs + schedule.reconcileForMs;
  let step = claim.step;
  let nextAtMs = claim.lastTokenAtMs + delayOf(schedule, step);
  // Steps that passed while nobody ran, or that a signal made superfluous, are not made up for.
  while (nextAtMs <= nowMs) {
    step += 1;
    nextAtMs = claim.lastTokenAtMs + delayOf(schedule, step);
  }
  // An attempt that was superseded is asked about for its signals only.
  if (!claim.active) return { step, signalStep: null, nextAtMs: null, over: false };
  return nowMs >= endMs
    ? { step, signalStep: null, nextAtMs: null, over: true }
    : { step, signalStep: null, nextAtMs: Math.min(nextAtMs, endMs), over: false };
}

function delayOf(schedule: Schedule, step: number): number {
  const { reconcileDelaysMs, reconcileEveryMs } = schedule;
  const listed = reconcileDelaysMs[step];
  if (listed !== undefined) return listed;
  return (reconcileDelaysMs.at(-1) ?? 0) + (step - reconcileDelaysMs.length + 1) * reconcileEveryMs;
}

/**
 * There is nothing more to ask for; what comes later comes by webhook. What failed may be bought again, under the
 * same attempt, and that purchase's webhook can be lost as any other.
 */
export function hasAnswer(status: OrderStatus): boolean {
  switch (status) {
    case 'fulfilled':
    case 'ended':
    case 'review':
      return true;
    case 'open':
    case 'pending':
    case 'processing':
    case 'failed':
    case 'expired':
      return false;
  }
}
