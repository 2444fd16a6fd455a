import { withoutQuery } from '../core/frame-evidence.js';
import type { BackendPause } from '../core/status-watcher.js';

/** What each backend last asked of this page, by its `handoff-url`: attempts come and go, and it stands. */
const pauses = new Map<string, BackendPause>();

/** One for all who ask the same backend; without one, its own. */
export function pauseOf(handoffUrl: string | null): BackendPause {
  if (handoffUrl === null) return { untilMs: 0 };
  const base = withoutQuery(handoffUrl).replace(/\/*$/, '');
  const pause = pauses.get(base) ?? { untilMs: 0 };
  pauses.set(base, pause);
  return pause;
}
