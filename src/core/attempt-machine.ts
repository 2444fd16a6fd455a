/**
 * The attempt machine: one pure function over every state and every input. Element, tests and diagrams use
 * this one table; nothing here knows a DOM, a clock or a network.
 *
 * Three rules bind every move. Silence never covers or reloads a frame that may be working. After a
 * confirmation was heard nobody is asked to pay again. Only the backend's word settles.
 */
import { isPaid, verdictOf, type StatusAnswer } from '../protocol/status.js';
import {
  INITIAL_SNAPSHOT,
  isFinal,
  type AttemptEffect,
  type AttemptInput,
  type AttemptOptions,
  type Snapshot,
  type Transition,
} from './attempt-states.js';
import type { Diagnosis } from './diagnosis.js';
import { hear } from './hear-vendor.js';
import { moveFrame, online, remount, retry } from './load-again.js';
import { announce, BEGIN_ATTEMPT, CHECK_STATUS, isPastPayment, shut, to, withEffect } from './transition.js';

/** The next snapshot, and what is owed for having come there. An input that moves nothing gives the same snapshot back. */
export function reduce(snapshot: Snapshot, input: AttemptInput): Transition {
  const next = move(snapshot, input);
  return next.snapshot.paid && offersAgain(next.snapshot) ? thank(next) : next;
}

function move(snapshot: Snapshot, input: AttemptInput): Transition {
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
    case 'given-up':
      return giveUpAsking(snapshot);
    case 'returned':
      return comeBack(snapshot, input.as);
    case 'doubt':
      return doubt(snapshot);
    case 'backend':
      return snapshot.options === null || snapshot.options.hasBackend === input.present
        ? to(snapshot)
        : to({ ...snapshot, options: { ...snapshot.options, hasBackend: input.present } });
    case 'moved':
      return moveFrame(snapshot);
    case 'lost':
      return loseFrame(snapshot);
    case 'retry':
      return retry(snapshot);
    case 'resume':
      return snapshot.state === 'deferred' ? remount(snapshot, true) : to(snapshot);
    case 'close':
      return close(snapshot);
  }
}

const END_ATTEMPT = { type: 'end-attempt' } as const satisfies AttemptEffect;

function load(snapshot: Snapshot, options: AttemptOptions): Transition {
  const mount = snapshot.mount + 1;
  return to({ ...INITIAL_SNAPSHOT, state: 'loading', options, mount, retriesLeft: options.retries }, [
    ...(snapshot.options === null ? [] : [END_ATTEMPT]),
    { type: 'load-frame', mount, forced: false },
  ]);
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

/** The backend's verdict. Accepted everywhere; only it may say "done". */
function judge(snapshot: Snapshot, answer: StatusAnswer): Transition {
  const vendorHasNothing = answer.retry === true;
  const paid = isPaid(answer.status);
  const isNews = vendorHasNothing !== snapshot.vendorHasNothing || paid !== snapshot.paid;
  const known: Snapshot = isNews ? { ...snapshot, vendorHasNothing, paid } : snapshot;
  const verdict = verdictOf(answer.status);
  if (verdict === 'waiting' || verdict === snapshot.state) return to(known);
  // Of a checkout that nobody waits for it says that nothing came of it.
  if (answer.status === 'expired' && !isAwaited(known)) return to(known);
  const doubtful = known.doubtful && verdict !== 'failed';
  return announce({ ...known, state: verdict, doubtful, diagnosis: null }, verdict);
}

/** What the backend knows to be paid is thanked for, wherever the buyer would be offered to pay for it again. */
function thank({ snapshot, effects }: Transition): Transition {
  // Not by a link, which any page can make: this word is kept.
  const known: Snapshot = {
    ...snapshot,
    heard: 'confirmed',
    relayed: false,
    begun: true,
    returned: false,
    diagnosis: null,
  };
  const owed = effects.filter(({ type }) => type !== 'announce' && type !== 'load-frame');
  return announce({ ...known, state: 'confirmed' }, 'confirmed', null, owed);
}

/** The backend should have known by now. Of a doubt the buyer is told so: to wait on, as if an answer came, helps nobody. */
function giveUpAsking(snapshot: Snapshot): Transition {
  const { state, doubtful, unanswered } = snapshot;
  if (state === 'confirmed') return announce({ ...snapshot, state: 'unsettled' }, 'unsettled');
  const waits = state === 'away' || (doubtful && (state === 'error' || state === 'closed'));
  return to(waits && !unanswered ? { ...snapshot, unanswered: true } : snapshot);
}

/** Whether the view offers what may be another payment, or tells of none: not while a checkout is going on in the frame. */
function offersAgain({ state, heard, begun }: Snapshot): boolean {
  switch (state) {
    case 'ready':
    case 'away':
    case 'error':
    case 'closed':
    case 'failed':
    case 'pending':
    case 'loading':
    case 'slow':
    case 'blocked':
    case 'offline':
    case 'deferred':
      return heard !== 'confirmed';
    case 'checkout':
      return !begun;
    default:
      return false;
  }
}

/** Whether the buyer may have paid, as far as this page knows. */
function isAwaited({ state, heard, doubtful }: Snapshot): boolean {
  return heard !== 'nothing' || doubtful || state === 'away';
}

function comeBack(snapshot: Snapshot, as: 'confirmed' | 'pending'): Transition {
  const { heard, state } = snapshot;
  // The backend's word stands over a URL's. A failure is of the try before: what is heard after it is of another.
  if (state === 'unsettled') return to(snapshot, [CHECK_STATUS]);
  const isStronger = heard === 'nothing' || (heard === 'pending' && as === 'confirmed');
  if (!isStronger && !(state === 'failed' && heard === as)) return to(snapshot);
  return announce(
    { ...snapshot, state: as, heard: as, relayed: true, begun: true, returned: true, diagnosis: null },
    as,
    null,
    [
      // A confirmation is asked about, which begins the attempt. Of an inbox note the backend must know first.
      ...(as === 'pending' ? [BEGIN_ATTEMPT] : []),
      { type: 'send-signal', kind: 'returned', event: null },
      CHECK_STATUS,
    ],
  );
}

/** Closed, as its frame has gone. Nobody closed it now, so nobody is told that somebody did. */
function doubt(snapshot: Snapshot): Transition {
  if (isPastPayment(snapshot)) return to(snapshot);
  return to({ ...shut(snapshot), begun: true, doubtful: true, returned: true, diagnosis: null }, [
    CHECK_STATUS,
  ]);
}

/** Where it would be loaded anew it is for the buyer to say so; of what was begun nobody knows how it ended. */
function loseFrame(snapshot: Snapshot): Transition {
  const moved = moveFrame(snapshot);
  if (moved.snapshot.mount === snapshot.mount) return moved;
  const { begun, state, doubtful, options } = snapshot;
  const isKnown = !begun || (state === 'error' && !doubtful);
  // Without a backend nobody could clear a doubt up.
  return isKnown || options?.hasBackend !== true ? close(snapshot) : doubt(snapshot);
}

/** The page's own `close()`. What was heard stays heard, so a payment under way keeps its view. */
function close(snapshot: Snapshot): Transition {
  if (isPastPayment(snapshot) || snapshot.options === null || snapshot.state === 'closed') {
    return to(snapshot);
  }
  return announce({ ...shut(snapshot), diagnosis: null }, 'closed', null, [
    ...(snapshot.begun ? [{ type: 'send-signal', kind: 'closed', event: null } as const] : []),
  ]);
}

function awaitsFirstWord({ state, mount }: Snapshot, ofMount: number): boolean {
  return (
    mount === ofMount &&
    (state === 'loading' || state === 'slow' || state === 'blocked' || state === 'offline')
  );
}
