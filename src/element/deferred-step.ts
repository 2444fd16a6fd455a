/** What follows a click that waits for a step of the page's own. */

/**
 * Goes on by itself, unless the page has a step in its slot and says when that is done.
 * @param step What the page asked to wait for; `null` for nothing.
 * @param onEnd The step is done, or has failed: then the checkout is closed.
 */
export function afterStep(
  step: Promise<unknown> | null,
  hasSlot: boolean,
  onEnd: (type: 'resume' | 'close') => void,
): void {
  if (step === null) {
    if (!hasSlot) onEnd('resume');
    return;
  }
  step.then(
    () => onEnd('resume'),
    () => onEnd('close'),
  );
}
