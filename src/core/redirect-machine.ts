/**
 * The states of a checkout that leaves the page, and what moves them. Pure. The page is away while money may move,
 * so nearly all it knows comes from the backend; a return is a hint to ask it.
 */
import { verdictOf, type StatusAnswer } from '../protocol/status.js';

export const REDIRECT_STATES = [
  /** Nothing was begun, or nothing came of it: the button. */
  'idle',
  /** Pressed: the backend opens the checkout. */
  'starting',
  /** The buyer is at the vendor's, or was and came back without a word. */
  'away',
  /** Back, or known to the backend: it is asked until it knows. */
  'settling',
  /** The backend: fulfilled. */
  'settled',
  /** Longer than the page waits, or a person looks at it. */
  'unsettled',
  /** The backend: failed. */
  'failed',
  /** The checkout could not be opened. */
  'error',
] as const;
export type RedirectState = (typeof REDIRECT_STATES)[number];

export interface RedirectSnapshot {
  readonly state: RedirectState;
  /** A return said that it was paid, or the backend knows of a payment. From here nothing is offered but by the backend's word. */
  readonly heard: boolean;
  /** The backend allows another try: the vendor was asked and has nothing. */
  readonly mayRetry: boolean;
}

export type RedirectInput =
  | { readonly type: 'press' }
  | { readonly type: 'opened' }
  | { readonly type: 'refused' }
  /** The address says that the buyer comes back: `paid` is a hint, `cancelled` another. */
  | { readonly type: 'returned'; readonly as: 'paid' | 'cancelled' }
  /** This browser, or another tab, heard a payment of the order before. */
  | { readonly type: 'recalled' }
  /** The page is shown again out of the back/forward cache. */
  | { readonly type: 'restored' }
  | { readonly type: 'answer'; readonly answer: StatusAnswer }
  /** The time in which the backend should have known has passed, or nobody here may ask it. */
  | { readonly type: 'given-up' }
  /** Another order is wanted. */
  | { readonly type: 'reset' };

export const INITIAL_REDIRECT: RedirectSnapshot = { state: 'idle', heard: false, mayRetry: false };

/** The one table of moves: the same snapshot where an input means nothing. */
export function moveRedirect(snapshot: RedirectSnapshot, input: RedirectInput): RedirectSnapshot {
  const { state } = snapshot;
  switch (input.type) {
    case 'press':
      return offersPress(snapshot) ? { ...snapshot, state: 'starting', mayRetry: false } : snapshot;
    case 'opened':
      return state === 'starting' ? { ...snapshot, state: 'away' } : snapshot;
    case 'refused':
      return state === 'starting' ? { ...snapshot, state: 'error' } : snapshot;
    case 'returned':
      if (isOver(snapshot)) return snapshot;
      return input.as === 'paid'
        ? { ...snapshot, state: 'settling', heard: true }
        : { ...snapshot, state: 'away' };
    case 'recalled':
      // A failure is of the try before: what is heard after it is of another.
      return isOver(snapshot) && state !== 'failed'
        ? snapshot
        : { state: 'settling', heard: true, mayRetry: false };
    case 'restored':
      return state === 'starting' ? { ...snapshot, state: 'away' } : snapshot;
    case 'answer':
      return judge(snapshot, input.answer);
    case 'given-up':
      return state === 'settling' ? { ...snapshot, state: 'unsettled' } : snapshot;
    case 'reset':
      return INITIAL_REDIRECT;
  }
}

/** Whether the button may be pressed. Never while a payment may be under way and nobody has asked. */
export function offersPress({ state, heard, mayRetry }: RedirectSnapshot): boolean {
  switch (state) {
    case 'idle':
    case 'away':
    case 'error':
      return !heard;
    case 'failed':
      return mayRetry;
    case 'starting':
    case 'settling':
    case 'settled':
    case 'unsettled':
      return false;
  }
}

/** How eagerly the backend is asked. `background`: on return to the page and every half minute. */
export function redirectPace({ state }: RedirectSnapshot): 'none' | 'background' | 'settling' {
  switch (state) {
    case 'settling':
      return 'settling';
    case 'away':
    case 'unsettled':
      return 'background';
    case 'idle':
    case 'starting':
    case 'settled':
    case 'failed':
    case 'error':
      return 'none';
  }
}

function judge(snapshot: RedirectSnapshot, answer: StatusAnswer): RedirectSnapshot {
  const { state, heard } = snapshot;
  if (state === 'settled') return snapshot;
  const verdict = verdictOf(answer.status);
  switch (verdict) {
    case 'settled':
      return { state: 'settled', heard: true, mayRetry: false };
    case 'failed':
      // What became of an earlier try keeps nobody from another, unless the buyer waits for this one.
      if (state === 'idle' || state === 'error') return snapshot;
      return { state: 'failed', heard: false, mayRetry: answer.retry === true };
    case 'unsettled':
      // Nobody is known to have paid, and a new start opens a new checkout.
      if (answer.status === 'expired' && !heard && state !== 'starting') return snapshot;
      return { ...snapshot, state: 'unsettled', heard: true };
    case 'waiting':
      if (answer.status === 'processing' || answer.status === 'pending') {
        return state === 'unsettled' ? snapshot : { ...snapshot, state: 'settling', heard: true };
      }
      return snapshot;
  }
}

function isOver({ state }: RedirectSnapshot): boolean {
  return state === 'settled' || state === 'unsettled' || state === 'failed';
}
