/**
 * The attempt machine: one pure function over every state and every input. Element, tests and diagrams use
 * this one table; nothing here knows a DOM, a clock or a network.
 *
 * Three rules bind every move. Silence never covers or reloads a frame that may be working. After a
 * confirmation was heard nobody is asked to pay again. Only the backend's word settles.
 */
import { verdictOf, type StatusAnswer } from '../protocol/status.js';
import {
  INITIAL_SNAPSHOT,
  isFinal,
  offersRetry,
  type Announcement,
  type AttemptEffect,
  type AttemptInput,
  type AttemptOptions,
  type CheckoutState,
  type Snapshot,
  type Transition,
} from './attempt-states.js';
import type { Diagnosis } from './diagnosis.js';
import type { VendorEvent } from './vendor-events.js';

/** The next snapshot, and what is owed for having come there. An input that moves nothing gives the same snapshot back. */
export function reduce(snapshot: Snapshot, input: AttemptInput): Transition {
  switch (input.type) {
    case 'load':
      return load(snapshot, input.options);
    case 'reset':
      return to({ ...INITIAL_SNAPSHOT, mount: snapshot.mount + 1 }, [END_ATTEMPT, { type: 'unload-frame' }]);
    case 'rejected':
      return to(snapshot, [{ type: 'reject', reason: input.reason, name: input.name }]);
    default:
  }
  if (isFinal(snapshot.state)) return to(snapshot);
  switch (input.type) {
    case 'misconfigured':
      return misconfigured(snapshot, input.diagnosis);
    case 'slow-elapsed':
      return snapshot.state === 'loading' && input.mount === snapshot.mount
        ? announce({ ...snapshot, state: 'slow' }, 'slow')
        : to(snapshot);
    case 'timeout-elapsed':
      return timeout(snapshot, input.mount, input.diagnosis, input.networkLike);
    case 'proof':
      return awaitsFirstWord(snapshot, input.mount) ? block(snapshot, input.diagnosis) : to(snapshot);
    case 'unheard':
      return unheard(snapshot, input.mount, input.diagnosis);
    case 'diagnosed':
      return awaitsFirstWord(snapshot, input.mount)
        ? to({ ...snapshot, diagnosis: input.diagnosis })
        : to(snapshot);
    case 'offline':
      return awaitsFirstWord(snapshot, snapshot.mount) && snapshot.state !== 'blocked'
        ? to({ ...snapshot, state: 'offline' })
        : to(snapshot);
    case 'online':
      return online(snapshot);
    case 'vendor':
      return hear(snapshot, input.event);
    case 'status':
      return judge(snapshot, input.answer);
    case 'horizon':
      return snapshot.state === 'confirmed'
        ? announce({ ...snapshot, state: 'unsettled' }, 'unsettled')
        : to(snapshot);
    case 'returned':
      return comeBack(snapshot, input.as);
    case 'backend':
      return snapshot.options === null || snapshot.options.hasBackend === input.present
        ? to(snapshot)
        : to({ ...snapshot, options: { ...snapshot.options, hasBackend: input.present } });
    case 'retry':
      return retry(snapshot);
    case 'resume':
      return snapshot.state === 'deferred' ? remount(snapshot, true) : to(snapshot);
    case 'close':
      return close(snapshot);
  }
}

const END_ATTEMPT = { type: 'end-attempt' } as const satisfies AttemptEffect;
const CHECK_STATUS = { type: 'check-status' } as const satisfies AttemptEffect;
const BEGIN_ATTEMPT = { type: 'begin-attempt' } as const satisfies AttemptEffect;

function load(snapshot: Snapshot, options: AttemptOptions): Transition {
  const mount = snapshot.mount + 1;
  return to({ ...INITIAL_SNAPSHOT, state: 'loading', options, mount, retriesLeft: options.retries }, [
    ...(snapshot.options === null ? [] : [END_ATTEMPT]),
    { type: 'load-frame', mount, forced: false },
  ]);
}

/** The same attempt in a fresh frame. */
function remount(snapshot: Snapshot, forced: boolean): Transition {
  const { options } = snapshot;
  if (options === null) return to(snapshot);
  const mount = snapshot.mount + 1;
  const surface = forced ? 'forced' : options.surface;
  return to(
    {
      ...snapshot,
      state: 'loading',
      // Whatever it was before, from now on it is a frame that we load and hear from its start.
      options: { ...options, surface, heardFromStart: true },
      mount,
      silent: false,
      vendorHasNothing: false,
      reason: null,
      diagnosis: null,
    },
    [{ type: 'load-frame', mount, forced: surface === 'forced' && snapshot.pick !== null }],
  );
}

function timeout(snapshot: Snapshot, mount: number, diagnosis: Diagnosis, networkLike: boolean): Transition {
  const { state, options, begun, retriesLeft, silent } = snapshot;
  if ((state !== 'loading' && state !== 'slow') || mount !== snapshot.mount || options === null) {
    return to(snapshot);
  }
  const silenceProves = options.heardFromStart && options.surface === 'cards' && !silent;
  if (!silenceProves) return unheard(snapshot, mount, diagnosis);
  if (networkLike && retriesLeft > 0 && !begun) {
    return withEffect(remount({ ...snapshot, retriesLeft: retriesLeft - 1 }, false), 'retry');
  }
  return block(snapshot, diagnosis);
}

/** Uncovers a frame that may be working, with the link beside it. */
function unheard(snapshot: Snapshot, mount: number, diagnosis: Diagnosis): Transition {
  const { state } = snapshot;
  if ((state !== 'loading' && state !== 'slow') || mount !== snapshot.mount) return to(snapshot);
  const uncovered: Snapshot = { ...snapshot, state: 'slow', silent: true, diagnosis };
  return state === 'slow' ? to(uncovered) : announce(uncovered, 'slow');
}

function block(snapshot: Snapshot, diagnosis: Diagnosis): Transition {
  const blocked: Snapshot = { ...snapshot, state: 'blocked', diagnosis };
  return snapshot.state === 'blocked' ? to(blocked) : announce(blocked, 'blocked');
}

/** Attributes that make no frame end what ran before, but never take a thank-you from the buyer's view. */
function misconfigured(snapshot: Snapshot, diagnosis: Diagnosis): Transition {
  if (isPastPayment(snapshot)) return to(snapshot);
  return announce(
    { ...INITIAL_SNAPSHOT, mount: snapshot.mount + 1, state: 'blocked', diagnosis },
    'blocked',
    null,
    [...(snapshot.options === null ? [] : [END_ATTEMPT, { type: 'unload-frame' } as const])],
  );
}

function online(snapshot: Snapshot): Transition {
  if (snapshot.state !== 'offline') return to(snapshot);
  // A frame that may have arrived before the line went down is not reloaded: its word is still awaited.
  return snapshot.options?.heardFromStart === true
    ? remount(snapshot, snapshot.options.surface === 'forced' && snapshot.pick !== null)
    : to({ ...snapshot, state: 'loading' });
}

/** An event of our own frame. It counts in every state but the final one: a genuine confirmation is never too late. */
function hear(before: Snapshot, event: VendorEvent): Transition {
  const snapshot: Snapshot = before.vendorHasNothing ? { ...before, vendorHasNothing: false } : before;
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

function hearPage(snapshot: Snapshot, event: VendorEvent): Transition {
  const { state, options } = snapshot;
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
  if (isPastPayment(snapshot)) return to(snapshot);
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

function hearConfirmed(snapshot: Snapshot, event: VendorEvent): Transition {
  const signal: AttemptEffect = { type: 'send-signal', kind: 'confirmed', event };
  if (snapshot.heard === 'confirmed') return to(snapshot);
  const heard: Snapshot = { ...alive(snapshot), heard: 'confirmed', begun: true, reason: null };
  // "We have your order" already stands there; a late word only hastens the backend's.
  if (snapshot.state === 'unsettled') return to({ ...heard, state: 'unsettled' }, [signal, CHECK_STATUS]);
  return announce({ ...heard, state: 'confirmed' }, 'confirmed', event, [
    BEGIN_ATTEMPT,
    signal,
    CHECK_STATUS,
  ]);
}

function hearPending(snapshot: Snapshot, event: VendorEvent): Transition {
  if (snapshot.heard !== 'nothing') return to(snapshot);
  const heard: Snapshot = { ...alive(snapshot), heard: 'pending', begun: true, reason: null };
  const signal: AttemptEffect = { type: 'send-signal', kind: 'pending', event };
  if (snapshot.state === 'unsettled') return to({ ...heard, state: 'unsettled' }, [signal]);
  return announce({ ...heard, state: 'pending' }, 'pending', event, [signal]);
}

function hearError(snapshot: Snapshot, event: Extract<VendorEvent, { name: 'checkoutError' }>): Transition {
  if (isPastPayment(snapshot)) return to(snapshot);
  const { planVersionId, planItemId, reason } = event;
  const vanity = snapshot.pick?.planItemId === planItemId ? snapshot.pick.vanity : null;
  return announce(
    { ...alive(snapshot), state: 'error', begun: true, reason, pick: { planVersionId, planItemId, vanity } },
    'error',
    event,
    [{ type: 'send-signal', kind: 'error', event }, CHECK_STATUS],
  );
}

function hearClosed(snapshot: Snapshot, event: VendorEvent): Transition {
  if (isPastPayment(snapshot)) return to(snapshot);
  return announce({ ...alive(snapshot), state: 'closed', reason: null }, 'closed', event, [
    { type: 'send-signal', kind: 'closed', event },
  ]);
}

/** The backend's verdict. Accepted everywhere; only it may say "done". */
function judge(snapshot: Snapshot, answer: StatusAnswer): Transition {
  const vendorHasNothing = answer.retry === true;
  const known: Snapshot =
    vendorHasNothing === snapshot.vendorHasNothing ? snapshot : { ...snapshot, vendorHasNothing };
  const verdict = verdictOf(answer.status);
  if (verdict === 'waiting' || verdict === snapshot.state) return to(known);
  return announce({ ...known, state: verdict, diagnosis: null }, verdict);
}

function comeBack(snapshot: Snapshot, as: 'confirmed' | 'pending'): Transition {
  const { heard, state } = snapshot;
  // The backend's word stands over a URL's.
  if (state === 'unsettled' || state === 'failed') return to(snapshot, [CHECK_STATUS]);
  if (heard === 'confirmed' || heard === as) return to(snapshot);
  return announce(
    { ...snapshot, state: as, heard: as, begun: true, returned: true, diagnosis: null },
    as,
    null,
    [{ type: 'send-signal', kind: 'returned', event: null }, CHECK_STATUS],
  );
}

function retry(snapshot: Snapshot): Transition {
  if (!offersRetry(snapshot)) return to(snapshot);
  if (snapshot.state === 'away')
    return announce({ ...snapshot, state: 'ready', vendorHasNothing: false }, 'retry');
  const forced = snapshot.options?.surface === 'forced' && snapshot.pick !== null;
  return withEffect(remount(snapshot, forced), 'retry');
}

/** The page's own `close()`. What was heard stays heard, so a payment under way keeps its view. */
function close(snapshot: Snapshot): Transition {
  if (isPastPayment(snapshot) || snapshot.options === null || snapshot.state === 'closed') {
    return to(snapshot);
  }
  return announce({ ...snapshot, state: 'closed', reason: null, diagnosis: null }, 'closed', null, [
    ...(snapshot.begun ? [{ type: 'send-signal', kind: 'closed', event: null } as const] : []),
  ]);
}

/** The frame spoke: whatever its silence had suggested is void. */
function alive(snapshot: Snapshot): Snapshot {
  const { state } = snapshot;
  const waited =
    state === 'idle' || state === 'loading' || state === 'slow' || state === 'blocked' || state === 'offline';
  return { ...snapshot, state: waited ? 'ready' : state, silent: false, diagnosis: null };
}

/** Money may have moved, or the backend has spoken: no word from the frame leads back to a checkout. */
function isPastPayment({ heard, state }: Snapshot): boolean {
  return heard !== 'nothing' || state === 'unsettled' || state === 'failed';
}

function awaitsFirstWord({ state, mount }: Snapshot, ofMount: number): boolean {
  return (
    mount === ofMount &&
    (state === 'loading' || state === 'slow' || state === 'blocked' || state === 'offline')
  );
}

function to(snapshot: Snapshot, effects: readonly AttemptEffect[] = []): Transition {
  return { snapshot, effects };
}

/** What must be done comes before what is told: a listener may act on the announcement. */
function announce(
  snapshot: Snapshot,
  name: Announcement,
  event: VendorEvent | null = null,
  before: readonly AttemptEffect[] = [],
): Transition {
  return { snapshot, effects: [...before, { type: 'announce', name, event }] };
}

function withEffect({ snapshot, effects }: Transition, name: Announcement): Transition {
  return announce(snapshot, name, null, effects);
}
