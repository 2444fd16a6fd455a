/** Makes the DOM event of an announcement of the machine. */
import { offersRetry, type Announcement, type Snapshot } from '../core/attempt-states.js';
import type { VendorEvent } from '../core/vendor-events.js';
import {
  CheckoutBlockedEvent,
  CheckoutClosedEvent,
  CheckoutConfirmedEvent,
  CheckoutCtaEvent,
  CheckoutErrorEvent,
  CheckoutFailedEvent,
  CheckoutInitiatedEvent,
  CheckoutPendingEvent,
  CheckoutReadyEvent,
  CheckoutRetryEvent,
  CheckoutSettledEvent,
  CheckoutSlowEvent,
  CheckoutUnsettledEvent,
  type CheckoutEvent,
  type EndSource,
  type UnboundCause,
} from './events.js';

/** What an event tells beyond the vendor's own words. */
export interface AnnouncementContext {
  /** Milliseconds since the load began. */
  readonly ms: number;
  readonly attemptId: string | null;
  readonly redirect: string | null;
  readonly source: EndSource;
  readonly resumeUrl: string | null;
  readonly unbound: UnboundCause | null;
  /** What led there, in the machine's words. */
  readonly cause: string;
}

export function eventOf(
  name: Announcement,
  event: VendorEvent | null,
  snapshot: Snapshot,
  { ms, attemptId, redirect, source, resumeUrl, unbound, cause }: AnnouncementContext,
): CheckoutEvent | null {
  const retryable = offersRetry(snapshot);
  const {
    planVersionId = null,
    planItemId = null,
  }: { planVersionId?: string | null; planItemId?: string | null } =
    event !== null && event.name !== 'pageLoaded' ? event : (snapshot.pick ?? {});
  const picked = { planVersionId, planItemId };
  const verified = event?.verified === true;
  switch (name) {
    case 'ready':
      return new CheckoutReadyEvent({ ms });
    case 'slow':
      return new CheckoutSlowEvent({ ms, diagnosis: snapshot.diagnosis });
    case 'blocked':
      return snapshot.diagnosis === null ? null : new CheckoutBlockedEvent({ diagnosis: snapshot.diagnosis });
    case 'initiated': {
      const deferred = snapshot.state === 'deferred';
      return new CheckoutInitiatedEvent({
        ...picked,
        vanity: snapshot.pick?.vanity ?? null,
        deferred,
        resumeUrl,
      });
    }
    case 'cta': {
      const { vanity = null, ctaLink: link = null } = event?.name === 'customCtaClicked' ? event : {};
      return new CheckoutCtaEvent({ ...picked, vanity, link });
    }
    case 'confirmed':
      return new CheckoutConfirmedEvent({ ...picked, verified });
    case 'pending':
      return new CheckoutPendingEvent({ ...picked, verified, unbound });
    case 'error':
      return new CheckoutErrorEvent({ ...picked, reason: snapshot.reason ?? '', retryable });
    case 'closed':
      return new CheckoutClosedEvent(picked);
    case 'settled':
      return new CheckoutSettledEvent({ attemptId, source, redirect });
    case 'unsettled':
      return new CheckoutUnsettledEvent({ attemptId, source });
    case 'failed':
      return new CheckoutFailedEvent({ attemptId, source, retryable });
    case 'retry':
      return new CheckoutRetryEvent({ load: snapshot.mount, cause });
  }
}
