/** What an event of our own frame moves. */
import type { AttemptEffect, CheckoutState, Snapshot, Transition } from './attempt-states.js';
import { announce, BEGIN_ATTEMPT, CHECK_STATUS, clearedUp, isPastPayment, shut, to } from './transition.js';
import type { PlanPick, VendorEvent } from './vendor-events.js';

/** The one reason that proves that no session came to be, so that nothing can have been paid. */
const MINT_FAILED = 'SESSION_MINT_FAILED';

/** @param reason Of a `checkoutError`. */
export function mayHidePayment(reason: string): boolean {
  return reason !== MINT_FAILED;
}

/** What is to be known of an event though the page has gone on from its attempt. */
export type LateWord = 'confirmed' | 'pending' | 'doubt';

/** @returns `null` where nothing was paid, nor may have been. */
export function lateWord(event: VendorEvent): LateWord | null {
  if (event.name === 'checkoutConfirmed') return event.status === 'CONFIRMED' ? 'confirmed' : 'pending';
  return event.name === 'checkoutError' && mayHidePayment(event.reason) ? 'doubt' : null;
}

/** An event of our own frame. It counts in every state but the final one: a genuine confirmation is never too late. */
export function hear(before: Snapshot, event: VendorEvent): Transition {
  // What leads nowhere any more takes nothing away.
  const counts = before.vendorHasNothing && !isPastPayment(before);
  const snapshot: Snapshot = counts ? { ...before, ...clearedUp(before) } : before;
  switch (event.name) {
    case 'pageLoaded':
      return hearPage(snapshot, event);
    case 'customCtaClicked':
      return announce(alive(snapshot), 'cta', event);
    case 'checkoutInitiated':
      return hearInitiated(snapshot, event);
    case 'checkoutConfirmed':
      return event.status === 'CONFIRMED' ? hearConfirmed(snapshot, event) : hearPending(snapshot, event);
    case 'checkoutError':
      return hearError(snapshot, event);
    case 'checkoutClosed':
      return hearClosed(snapshot, event);
  }
}

type Confirmed = Extract<VendorEvent, { name: 'checkoutConfirmed' }>;

function hearPage(snapshot: Snapshot, event: VendorEvent): Transition {
  const { state, options, returned } = snapshot;
  // Cards behind what is known from elsewhere: nobody sees them.
  if (returned) return to(snapshot);
  switch (state) {
    case 'idle':
    case 'loading':
    case 'slow':
    case 'blocked':
    case 'offline':
    case 'error':
    case 'checkout': {
      const next = options === null || options.surface === 'cards' ? 'ready' : 'checkout';
      if (next === state) return to(snapshot);
      const arrived: Snapshot = { ...snapshot, state: next, silent: false, reason: null, diagnosis: null };
      // The cards are painted once; painted again they only mean that the buyer is back at them.
      return state === 'error' || state === 'checkout' ? to(arrived) : announce(arrived, 'ready', event);
    }
    default:
      return to(snapshot);
  }
}

function hearInitiated(
  snapshot: Snapshot,
  event: Extract<VendorEvent, { name: 'checkoutInitiated' }>,
): Transition {
  // A frame that is gone from view has no buyer in it.
  if (isPastPayment(snapshot) || snapshot.returned) return to(snapshot);
  const { planVersionId, planItemId, vanity, deferred } = event;
  const target = snapshot.options?.target ?? 'inline';
  const state: CheckoutState = deferred
    ? 'deferred'
    : target === '_blank' || target === '_top'
      ? 'away'
      : 'checkout';
  return announce(
    {
      ...alive(snapshot),
      state,
      begun: true,
      reason: null,
      pick: { planVersionId, planItemId, vanity },
    },
    'initiated',
    event,
    [BEGIN_ATTEMPT, { type: 'send-signal', kind: state === 'away' ? 'away' : 'initiated', event }],
  );
}

function hearConfirmed(snapshot: Snapshot, event: Confirmed): Transition {
  const signal: AttemptEffect = { type: 'send-signal', kind: 'confirmed', event };
  if (snapshot.heard === 'confirmed') {
    // A link, or the backend, had said so before the frame: it is told all the same, for it may be of another payment.
    return snapshot.relayed || snapshot.paid
      ? to({ ...snapshot, relayed: false }, [BEGIN_ATTEMPT, signal, CHECK_STATUS])
      : to(snapshot);
  }
  const heard: Snapshot = {
    ...picked(alive(snapshot), event),
    heard: 'confirmed',
    relayed: false,
    begun: true,
    reason: null,
  };
  // "We have your order" already stands there; a late word only hastens the backend's.
  if (snapshot.state === 'unsettled') return to({ ...heard, state: 'unsettled' }, [signal, CHECK_STATUS]);
  return announce({ ...heard, state: 'confirmed' }, 'confirmed', event, [
    BEGIN_ATTEMPT,
    signal,
    CHECK_STATUS,
  ]);
}

function hearPending(snapshot: Snapshot, event: Confirmed): Transition {
  if (snapshot.heard !== 'nothing') return to(snapshot);
  const heard: Snapshot = { ...picked(alive(snapshot), event), heard: 'pending', begun: true, reason: null };
  const signal: AttemptEffect = { type: 'send-signal', kind: 'pending', event };
  if (snapshot.state === 'unsettled') return to({ ...heard, state: 'unsettled' }, [signal]);
  return announce({ ...heard, state: 'pending' }, 'pending', event, [BEGIN_ATTEMPT, signal]);
}

function hearError(snapshot: Snapshot, event: Extract<VendorEvent, { name: 'checkoutError' }>): Transition {
  if (isPastPayment(snapshot)) return to(snapshot);
  const { planVersionId, planItemId, reason } = event;
  const vanity = snapshot.pick?.planItemId === planItemId ? snapshot.pick.vanity : null;
  // An earlier doubt stays: what failed now says nothing of it.
  const doubtful = snapshot.doubtful || mayHidePayment(reason);
  return announce(
    {
      ...alive(snapshot),
      state: 'error',
      begun: true,
      doubtful,
      reason,
      pick: { planVersionId, planItemId, vanity },
    },
    'error',
    event,
    [{ type: 'send-signal', kind: 'error', event }, CHECK_STATUS],
  );
}

function hearClosed(snapshot: Snapshot, event: VendorEvent): Transition {
  if (isPastPayment(snapshot)) return to(snapshot);
  return announce(shut(alive(snapshot)), 'closed', event, [{ type: 'send-signal', kind: 'closed', event }]);
}

/** A checkout whose beginning was not heard tells at its end what was picked. */
function picked(snapshot: Snapshot, { planVersionId, planItemId }: PlanPick): Snapshot {
  return snapshot.pick === null
    ? { ...snapshot, pick: { planVersionId, planItemId, vanity: null } }
    : snapshot;
}

/** The frame spoke: whatever its silence had suggested is void. */
function alive(snapshot: Snapshot): Snapshot {
  const { state } = snapshot;
  const waited =
    state === 'idle' || state === 'loading' || state === 'slow' || state === 'blocked' || state === 'offline';
  return { ...snapshot, state: waited ? 'ready' : state, unanswered: false, silent: false, diagnosis: null };
}
