/** What every move of the attempt machine is made of. */
import type { Announcement, AttemptEffect, Snapshot, Transition } from './attempt-states.js';
import type { VendorEvent } from './vendor-events.js';

export const CHECK_STATUS = { type: 'check-status' } as const satisfies AttemptEffect;
export const BEGIN_ATTEMPT = { type: 'begin-attempt' } as const satisfies AttemptEffect;

export function to(snapshot: Snapshot, effects: readonly AttemptEffect[] = []): Transition {
  return { snapshot, effects };
}

/** What must be done comes before what is told: a listener may act on the announcement. */
export function announce(
  snapshot: Snapshot,
  name: Announcement,
  event: VendorEvent | null = null,
  before: readonly AttemptEffect[] = [],
): Transition {
  return { snapshot, effects: [...before, { type: 'announce', name, event }] };
}

export function withEffect({ snapshot, effects }: Transition, name: Announcement): Transition {
  return announce(snapshot, name, null, effects);
}

/** Money may have moved, or the backend has spoken: no word from the frame leads back to a checkout. */
export function isPastPayment({ heard, state }: Snapshot): boolean {
  return heard !== 'nothing' || state === 'unsettled' || state === 'failed';
}

/** What failed until now is in doubt no more where the vendor has nothing; of what comes from now on nothing is known. */
export function clearedUp({
  doubtful,
  vendorHasNothing,
}: Snapshot): Pick<Snapshot, 'doubtful' | 'vendorHasNothing'> {
  return { doubtful: doubtful && !vendorHasNothing, vendorHasNothing: false };
}

/** Closed. What went on in another tab may have been paid there: that is for the backend to say. */
export function shut(snapshot: Snapshot): Snapshot {
  const doubtful = snapshot.doubtful || snapshot.state === 'away';
  return { ...snapshot, state: 'closed', doubtful, reason: null };
}
