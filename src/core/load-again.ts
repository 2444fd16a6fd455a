/** When an attempt's frame is loaded again, and as what. Never where a frame may be working, nor where money may have moved. */
import { frameVisibility, offersRetry, type Snapshot, type Transition } from './attempt-states.js';
import { announce, CHECK_STATUS, clearedUp, to, withEffect } from './transition.js';

/** The same attempt in a fresh frame. */
export function remount(snapshot: Snapshot, forced: boolean): Transition {
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
      returned: false,
      ...clearedUp(snapshot),
      reason: null,
      diagnosis: null,
    },
    [{ type: 'load-frame', mount, forced: surface === 'forced' && snapshot.pick !== null }],
  );
}

/** The line is back. */
export function online(snapshot: Snapshot): Transition {
  if (snapshot.state !== 'offline') return to(snapshot);
  if (frameVisibility(snapshot) === 'covered' && !snapshot.begun) return remount(snapshot, false);
  // A frame that may have arrived before the line went down is not reloaded: its word is still awaited.
  return snapshot.silent
    ? to({ ...snapshot, state: 'slow' })
    : to({ ...snapshot, state: 'loading' }, [{ type: 'await-page' }]);
}

/** The buyer, or the page, wants another try. */
export function retry(snapshot: Snapshot): Transition {
  if (!offersRetry(snapshot)) return to(snapshot);
  if (snapshot.state === 'away' && !snapshot.returned)
    return announce({ ...snapshot, ...clearedUp(snapshot), unanswered: false, state: 'ready' }, 'retry');
  const forced = snapshot.options?.surface === 'forced' && snapshot.pick !== null;
  return withEffect(remount({ ...snapshot, doubtful: false, unanswered: false }, forced), 'retry');
}

/** Whatever the frame showed is gone, and its cards come again. */
export function moveFrame(snapshot: Snapshot): Transition {
  const { state, options, begun, heard, pick } = snapshot;
  // Money may have moved, or is about to elsewhere.
  if (heard !== 'nothing' || state === 'away' || (state === 'error' && !offersRetry(snapshot))) {
    return to({ ...snapshot, returned: true });
  }
  switch (state) {
    case 'loading':
    case 'slow':
    case 'ready':
    case 'checkout':
    case 'error': {
      const { snapshot: again, effects } = remount(snapshot, options?.surface === 'forced' && pick !== null);
      // The word of a payment may have gone with the frame.
      return to(again, begun ? [...effects, CHECK_STATUS] : effects);
    }
    default:
      return to(snapshot);
  }
}
