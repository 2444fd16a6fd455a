/** What a snapshot means for those who wait for the page, or for the end. */
import type { Snapshot } from '../core/attempt-states.js';
import type { AttemptPromises } from './attempt-promises.js';

export function keepPromises(
  promises: AttemptPromises,
  { state, options, returned, unanswered }: Snapshot,
): void {
  // Whoever could have said what became of it was asked for as long as it makes sense.
  if (unanswered && (state === 'away' || state === 'error' || state === 'closed')) {
    promises.missPage();
    promises.conclude('unsettled');
    return;
  }
  switch (state) {
    case 'ready':
    case 'checkout':
    case 'deferred':
    case 'away':
    case 'error':
      promises.goOn();
      // Whatever its first word is, a frame that speaks is there.
      promises.meetPage();
      break;
    case 'blocked':
    case 'settled':
    case 'unsettled':
    case 'failed':
      promises.missPage();
      promises.conclude(state);
      break;
    case 'closed':
      promises.missPage();
      // Closed by nobody, but for what went on before: that has not ended, where somebody can say how it does.
      if (!returned || options?.hasBackend !== true) promises.conclude(state);
      break;
    // The buyer may come to the mail on another day, and on another device.
    case 'pending':
      promises.missPage();
      promises.conclude(state);
      break;
    case 'confirmed':
      promises.missPage();
      // Without a backend nobody will ever say more.
      if (options?.hasBackend === true) promises.goOn();
      else promises.conclude(state);
      break;
    case 'loading':
      // Opened again, perhaps.
      promises.goOn();
      break;
    case 'idle':
    case 'slow':
    case 'offline':
  }
}
