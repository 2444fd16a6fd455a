/** The states, inputs and effects of one attempt, and what each state means for the view. The moves are in `attempt-machine.ts`. */
import type { StatusAnswer } from '../protocol/status.js';
import type { SignalKind } from '../protocol/signal.js';
import type { Diagnosis } from './diagnosis.js';
import type { PlanPick, VendorEvent } from './vendor-events.js';

export const CHECKOUT_STATES = [
  'idle',
  'loading',
  'slow',
  'blocked',
  'ready',
  'checkout',
  'deferred',
  'away',
  'pending',
  'confirmed',
  'settled',
  'unsettled',
  'failed',
  'error',
  'closed',
  'offline',
] as const;
export type CheckoutState = (typeof CHECKOUT_STATES)[number];

/** `cards`: the plan's cards. `item`: one item's checkout over the cards. `forced`: one item's checkout alone. */
export type Surface = 'cards' | 'item' | 'forced';

/** The vendor's own values, verbatim. */
export type Target = 'inline' | 'callback' | '_top' | '_blank';

/** What stays the same from one `load` to the next. */
export interface AttemptOptions {
  readonly surface: Surface;
  readonly target: Target;
  /** `false` for an adopted frame that may have spoken before anyone listened: its silence proves nothing. */
  readonly heardFromStart: boolean;
  /** Whether a backend can be asked what became of the attempt. */
  readonly hasBackend: boolean;
  /** Automatic remounts that are allowed after network-like silence. */
  readonly retries: number;
}

export interface Snapshot {
  readonly state: CheckoutState;
  /** `null` until the first `load`. */
  readonly options: AttemptOptions | null;
  /** Counts the loads of the frame; timers and proofs of an earlier load are ignored. */
  readonly mount: number;
  readonly retriesLeft: number;
  /** The buyer has begun to check out: from here no frame is reloaded unasked. */
  readonly begun: boolean;
  /** The most that was heard. It never goes back within an attempt: nobody is asked to pay again. */
  readonly heard: 'nothing' | 'pending' | 'confirmed';
  /** What was heard came by a link, from another tab or an earlier visit, and not from the frame here. */
  readonly relayed: boolean;
  /** The backend asked the vendor, which has nothing for this attempt. Forgotten with every word from the frame. */
  readonly vendorHasNothing: boolean;
  /** A checkout failed in a way that may hide a payment: no other try is offered until the vendor is known to have nothing. */
  readonly doubtful: boolean;
  /** The backend was asked about a doubt, or another tab, for as long as it makes sense, and could not say. */
  readonly unanswered: boolean;
  /** The backend's last word is of a payment: what it was for is there, on its way, or looked into. */
  readonly paid: boolean;
  /** No word is to be had of this load, or the deadline passed without one, and that proves nothing. */
  readonly silent: boolean;
  /** The frame has nothing to show for it, as it is known from elsewhere, or gone: its cards would offer to buy again. */
  readonly returned: boolean;
  /** What the buyer last picked. */
  readonly pick: (PlanPick & { readonly vanity: string | null }) | null;
  /** The vendor's reason of the last `checkoutError`. */
  readonly reason: string | null;
  readonly diagnosis: Diagnosis | null;
}

/** Why a vendor event moves nothing. */
export type RejectReason = 'foreign-frame' | 'forged' | 'unknown-event' | 'malformed' | 'ended-attempt';

export type AttemptInput =
  /** A frame is wanted: the first, or another because an attribute changed. Ends the attempt before it. */
  | { readonly type: 'load'; readonly options: AttemptOptions }
  /** The attributes make no frame. */
  | { readonly type: 'misconfigured'; readonly diagnosis: Diagnosis }
  | { readonly type: 'slow-elapsed'; readonly mount: number }
  /** The deadline of `pageLoaded`, with the best explanation there is. */
  | {
      readonly type: 'timeout-elapsed';
      readonly mount: number;
      readonly diagnosis: Diagnosis;
      readonly networkLike: boolean;
    }
  /** Proof that this load cannot succeed. */
  | { readonly type: 'proof'; readonly mount: number; readonly diagnosis: Diagnosis }
  /** Proof that the frame cannot be heard: it may be working, and its silence says nothing. */
  | { readonly type: 'unheard'; readonly mount: number; readonly diagnosis: Diagnosis }
  /** A better explanation of a silence already announced. */
  | { readonly type: 'diagnosed'; readonly mount: number; readonly diagnosis: Diagnosis }
  | { readonly type: 'offline' }
  | { readonly type: 'online' }
  /** A vendor event of our own frame. */
  | { readonly type: 'vendor'; readonly event: VendorEvent }
  /** A vendor event that is not to be believed. */
  | { readonly type: 'rejected'; readonly reason: RejectReason; readonly name: string }
  | { readonly type: 'status'; readonly answer: StatusAnswer }
  /** The time in which the backend should have known has passed, or nobody here may ask it. */
  | { readonly type: 'given-up' }
  /** The page was opened with `?subscriptionId=` or `?checkout=pending`, or knows the same from before. */
  | { readonly type: 'returned'; readonly as: 'confirmed' | 'pending' }
  /** What failed on this page before, or went on elsewhere, may hide a payment. */
  | { readonly type: 'doubt' }
  /** The page has given or taken away what can be asked, without wanting another frame. */
  | { readonly type: 'backend'; readonly present: boolean }
  /** The page put the frame elsewhere, and the browser loads it anew; or threw it out. */
  | { readonly type: 'moved' }
  /** The page throws the frame out again and again: it is not to be loaded once more. */
  | { readonly type: 'lost' }
  /** The buyer or the page asks to try again, to open a closed checkout, or to come back from another tab. */
  | { readonly type: 'retry' }
  /** The merchant's own step of a deferred checkout is done. */
  | { readonly type: 'resume' }
  /** The page closes the checkout. */
  | { readonly type: 'close' }
  /** Forget everything and wait for the next `load`. */
  | { readonly type: 'reset' };

/** The `checkout-*` events, without their prefix. `statechange` and `timing` are the element's own. */
export type Announcement =
  | 'ready'
  | 'slow'
  | 'blocked'
  | 'initiated'
  | 'cta'
  | 'confirmed'
  | 'pending'
  | 'error'
  | 'closed'
  | 'settled'
  | 'unsettled'
  | 'failed'
  | 'retry';

export type AttemptEffect =
  /** Set the frame's `src` anew. `forced`: the picked item's checkout, with a fresh bind token. */
  | { readonly type: 'load-frame'; readonly mount: number; readonly forced: boolean }
  | { readonly type: 'unload-frame' }
  /** The line is back, and the current load is still awaited. */
  | { readonly type: 'await-page' }
  /** The backend must know of this attempt now. */
  | { readonly type: 'begin-attempt' }
  | { readonly type: 'end-attempt' }
  | { readonly type: 'check-status' }
  | { readonly type: 'send-signal'; readonly kind: SignalKind; readonly event: VendorEvent | null }
  | { readonly type: 'announce'; readonly name: Announcement; readonly event: VendorEvent | null }
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly name: string };

export interface Transition {
  readonly snapshot: Snapshot;
  readonly effects: readonly AttemptEffect[];
}

/** Where every attempt begins. */
export const INITIAL_SNAPSHOT: Snapshot = {
  state: 'idle',
  options: null,
  mount: 0,
  retriesLeft: 0,
  begun: false,
  heard: 'nothing',
  relayed: false,
  vendorHasNothing: false,
  doubtful: false,
  unanswered: false,
  paid: false,
  silent: false,
  returned: false,
  pick: null,
  reason: null,
  diagnosis: null,
};

/** Only the backend's "fulfilled" ends an attempt for good. */
export function isFinal(state: CheckoutState): boolean {
  return state === 'settled';
}

/** Whether the deadlines of `pageLoaded` run. */
export function awaitsPage(state: CheckoutState): boolean {
  return state === 'loading' || state === 'slow';
}

/**
 * How eagerly the backend is asked: `settling` while the buyer waits for its word, `background` where an
 * event may never come (OnPay breaks out of a checkout without one, and the frame may be closed behind it).
 */
export function statusPace({
  state,
  options,
  begun,
  doubtful,
  unanswered,
}: Snapshot): 'none' | 'background' | 'settling' {
  if (options?.hasBackend !== true) return 'none';
  switch (state) {
    case 'confirmed':
      return 'settling';
    case 'away':
      return unanswered ? 'background' : 'settling';
    case 'checkout':
    case 'pending':
    case 'unsettled':
      return 'background';
    case 'error':
      // The buyer waits to hear whether another try is safe.
      return doubtful && !unanswered ? 'settling' : 'background';
    case 'closed':
      if (doubtful && !unanswered) return 'settling';
      return doubtful || begun ? 'background' : 'none';
    case 'settled':
    case 'failed':
      return 'none';
    default:
      return doubtful || begun ? 'background' : 'none';
  }
}

/**
 * Whether the view may offer another try. Never after a confirmation was heard. With a backend, a failure
 * that may hide a spent session is retried only when the vendor was asked and has nothing.
 */
export function offersRetry({
  state,
  options,
  heard,
  silent,
  doubtful,
  vendorHasNothing,
}: Snapshot): boolean {
  const asked = vendorHasNothing || options?.hasBackend !== true;
  if (heard !== 'nothing' || (doubtful && !asked)) return false;
  switch (state) {
    case 'blocked':
    case 'closed':
      return options !== null;
    case 'slow':
      return silent;
    case 'error':
      return true;
    case 'away':
      return asked;
    case 'failed':
      return vendorHasNothing;
    default:
      return false;
  }
}

/** Where the frame is, seen by the buyer. A frame that may be working is never covered by silence. */
export function frameVisibility({
  state,
  options,
  silent,
  returned,
}: Snapshot): 'shown' | 'covered' | 'gone' {
  if (returned) return 'gone';
  switch (state) {
    case 'idle':
    case 'offline':
    case 'loading':
    case 'slow':
      return silent || options?.heardFromStart === false ? 'shown' : 'covered';
    case 'blocked':
    case 'deferred':
      return 'covered';
    case 'ready':
    case 'checkout':
    case 'pending':
    case 'error':
    case 'away':
      return 'shown';
    case 'confirmed':
    case 'settled':
    case 'unsettled':
    case 'failed':
    case 'closed':
      return 'gone';
  }
}
