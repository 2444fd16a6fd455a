/** A page cannot take its browser offline, so it says in the browser's place that it is: to this page alone, until its next load. */
import { readSettings } from '../settings.js';

export const PRETENDED_LINE =
  'A simulation: navigator.onLine and the event “offline” are the page’s own. The real thing, from the way to “loading”: developer tools → Network → Offline.';

/** What the element goes by: `navigator.onLine`, and the event that tells of it. Requests still get through. */
export function cutLine(): void {
  if (readSettings(new URLSearchParams(location.search)).line !== 'cut') return;
  Object.defineProperty(navigator, 'onLine', { get: () => false });
  dispatchEvent(new Event('offline'));
}
