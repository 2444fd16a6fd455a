/** What the buyer sees of a snapshot: what covers the frame, what stands beside it, and in which words. */
import { frameVisibility, offersRetry, type CheckoutState, type Snapshot } from '../core/attempt-states.js';
import type { IconName } from './icons.js';
import type { Messages, Text } from './messages.js';

/** `note` stands beside the frame, `panel` in its place, `skeleton` and `frame` have no words. */
export type ViewKind = 'skeleton' | 'frame' | 'note' | 'panel';

export interface View {
  readonly state: CheckoutState;
  readonly kind: ViewKind;
  /** The slots that are shown. */
  readonly slots: readonly CheckoutState[];
  /** The frame keeps its room in every case. */
  readonly frame: 'shown' | 'covered' | 'gone';
  /** The name of its words, and the words. */
  readonly text: Text | null;
  readonly icon: IconName;
  readonly tone: 'notice' | 'success' | 'danger' | 'plain';
  /** The label of the button that calls `retry()`. */
  readonly retry: string | null;
  /** The label of the button that calls `reset()`. */
  readonly startOver: string | null;
  /** A link to the same checkout in a tab of its own. */
  readonly link: boolean;
  readonly progress: boolean;
}

/** A state that has words of its own. */
type Spoken = Exclude<CheckoutState, 'idle' | 'loading' | 'ready' | 'checkout'>;

const LOOKS: Readonly<Record<Spoken, readonly [IconName, View['tone']]>> = {
  slow: ['clock', 'notice'],
  blocked: ['alert', 'plain'],
  offline: ['offline', 'plain'],
  deferred: ['clock', 'plain'],
  away: ['away', 'notice'],
  pending: ['mail', 'notice'],
  confirmed: ['check', 'success'],
  settled: ['check', 'success'],
  unsettled: ['clock', 'notice'],
  failed: ['alert', 'danger'],
  error: ['alert', 'danger'],
  closed: ['closed', 'plain'],
};

const CHECKING = ['clock', 'notice'] as const;
const UNANSWERED = ['mail', 'notice'] as const;

export function viewOf(snapshot: Snapshot, messages: Messages): View {
  const { state, options } = snapshot;
  const frame = frameVisibility(snapshot);
  const skeleton = frame === 'shown' ? [] : (['loading'] as const);
  switch (state) {
    case 'idle':
    case 'loading':
    case 'ready':
    case 'checkout':
      return {
        state,
        kind: frame === 'shown' ? 'frame' : 'skeleton',
        slots: [state, ...skeleton],
        frame,
        text: null,
        icon: 'lock',
        tone: 'plain',
        retry: null,
        startOver: null,
        // A tab of its own is anonymous: beside a frame that works it would be a second way to pay.
        link: false,
        progress: false,
      };
    default: {
      const again = offersRetry(snapshot);
      // Nobody has closed what is in doubt.
      const isDoubted = state === 'closed' && !again;
      const [icon, tone] = isDoubted ? (snapshot.unanswered ? UNANSWERED : CHECKING) : LOOKS[state];
      return {
        state,
        // Slow never covers: the skeleton, or the frame that may be working, stays as it is.
        kind: frame === 'shown' || state === 'slow' ? 'note' : 'panel',
        slots: state === 'slow' ? [state, ...skeleton] : [state],
        frame,
        text: textOf(snapshot, state, again, messages),
        icon,
        tone,
        retry: again ? labelOf(state, messages) : null,
        // No frame is left in which a mistyped address could be mended.
        startOver: state === 'pending' && snapshot.returned ? messages.startOver : null,
        link: (state === 'slow' || state === 'blocked') && options !== null,
        progress:
          state === 'deferred' ||
          (isDoubted && !snapshot.unanswered) ||
          (state === 'confirmed' && options?.hasBackend === true),
      };
    }
  }
}

function labelOf(state: Spoken, { retry, reopen, back }: Messages): string {
  return state === 'closed' ? reopen : state === 'away' ? back : retry;
}

function textOf(
  { options, unanswered, silent }: Snapshot,
  state: Spoken,
  again: boolean,
  messages: Messages,
): Text {
  const asked = options?.hasBackend === true;
  switch (state) {
    case 'slow':
      return silent ? messages.silent : messages.slow;
    case 'confirmed':
      return asked ? messages.confirming : messages.confirmed;
    case 'blocked':
      return options === null ? messages.unavailable : messages.blocked;
    case 'failed':
      return again ? messages.failedRetry : messages.failed;
    case 'closed':
      return again ? messages.closed : unanswered ? messages.unanswered : messages.checking;
    case 'error':
      if (again) return messages.errorRetry;
      return unanswered ? messages.unanswered : asked ? messages.errorChecking : messages.error;
    default:
      return messages[state];
  }
}
