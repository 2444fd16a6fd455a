/** Answers a developer who asks what is going on, whatever the state. */
import type { Snapshot } from '../core/attempt-states.js';
import { diagnose, working, type Diagnosis } from '../core/diagnosis.js';
import type { Attempt, AttemptHost } from './attempt.js';

/** @param snapshot Read after the portal was asked: much may have happened. */
export async function explainNow(
  host: AttemptHost,
  attemptOf: () => Attempt | null,
  snapshot: () => Snapshot,
): Promise<Diagnosis> {
  if (attemptOf() === null) await parsed();
  const attempt = attemptOf();
  await attempt?.judge.look();
  if (attempt !== null && attempt.returned !== null)
    return working('The buyer is back from the checkout: no frame is needed.');
  const found = attempt?.judge.diagnose() ?? snapshot().diagnosis;
  // A later load of the frame knows nothing of what the page's policy kept from the backend before.
  if (found?.code === 'working') return attempt?.judge.trouble ?? found;
  if (found !== null) return found;
  // Nothing was loaded yet: `lazy` waits for the view, and without it there is nothing to load.
  const lazy = host.loading === 'lazy';
  return diagnose({
    frameUrl: lazy ? location.href : null,
    pageOrigin: self.origin,
    violations: [],
    reports: [],
    lazyOutOfView: lazy,
  });
}

/** A pasted frame may still be on its way: the element looks for it once all tags are there. */
function parsed(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState !== 'loading') resolve();
    // In a task of its own: the element's own listener comes first.
    else document.addEventListener('DOMContentLoaded', () => setTimeout(resolve), { once: true });
  });
}
