/** Where a press in the console shows its result: the shop's checkout. Brought into view, because a frame out of view may never paint, and so never says that it has loaded. */
import { readSettings } from '../settings.js';

/** Room that is left above, in pixels. */
const ABOVE_PX = 16;

/** At once, never smoothly: nothing of it is to be seen before the frame is there. The focus stays where it is. */
export function showStage(): void {
  // Out of view is what such a page is about.
  if (readSettings(new URLSearchParams(location.search)).place === 'far') return;
  const checkout = document.querySelector('checkout-embed, checkout-redirect, form[data-checkout]');
  const stage = checkout?.closest('section');
  if (stage === null || stage === undefined) return;
  const { top, bottom } = stage.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return;
  scrollBy({ top: top - ABOVE_PX, behavior: 'instant' });
}
