import type { BackendPause } from '../core/status-watcher.js';

/** What each backend last asked of this page, by its `handoff-url`: attempts come and go, and it stands. */
const pauses = new Map<string, BackendPause>();

/** One for all who ask the same backend; without one, its own. */
export function pauseOf(handoffUrl: string | null): BackendPause {
  const pause = (handoffUrl === null ? undefined : pauses.get(handoffUrl)) ?? { untilMs: 0 };
  if (handoffUrl !== null) pauses.set(handoffUrl, pause);
  return pause;
}
