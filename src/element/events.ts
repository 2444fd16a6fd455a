/**
 * The element's events. Each bubbles, crosses shadow roots, and carries its fields on itself; none holds
 * anything about a buyer. `preventDefault()` on a cancelable one keeps the view as it was, or stops the
 * navigation; the state goes on all the same.
 */
import type { CheckoutState, RejectReason } from '../core/attempt-states.js';
import type { Diagnosis } from '../core/diagnosis.js';
import type { UnboundReason } from '../protocol/attempt.js';

/** Why a checkout that could have been bound to an order is anonymous. */
export type UnboundCause =
  | UnboundReason
  /** A token was handed out; the vendor goes on anonymously when it has expired or was used before. */
  | 'token_not_used'
  /** The provider, or the backend behind it, failed. */
  | 'provider_failed'
  /** The vendor's script never asked the provider. */
  | 'never_asked';

/**
 * How the end was learned. `stream`, `poll`: from `handoff-url`. `provider`: from the page's `getStatus`. `start`: the
 * backend said so when a checkout was asked for. Nobody said so: `horizon`, the time to wait for it has passed;
 * `refused`, nobody here may ask.
 */
export type EndSource = 'stream' | 'poll' | 'provider' | 'start' | 'horizon' | 'refused';

type Fields<E> = Omit<E, keyof Event | 'toJSON'>;

/** What all of them share. */
export abstract class CheckoutEvent extends Event {
  readonly #fields: object;

  constructor(name: string, fields: object, cancelable: boolean) {
    super(`checkout-${name}`, { bubbles: true, composed: true, cancelable });
    Object.assign(this, (this.#fields = fields));
  }

  /** The type and the fields, for a log. */
  toJSON(): object {
    return { type: this.type, ...this.#fields };
  }
}

/** The state has changed. Comes before the state's own event. */
export class CheckoutStateChangeEvent extends CheckoutEvent {
  declare readonly from: CheckoutState;
  declare readonly to: CheckoutState;
  /** The input that led there: the vendor's event without its prefix, or the machine's own word. */
  declare readonly cause: string;
  constructor(fields: Fields<CheckoutStateChangeEvent>) {
    super('statechange', fields, false);
  }
}

// Angular prevents the default of each event whose handler ends in `false`, as `(checkout-ready)="loading = false"` does.
/** The frame has painted. Cannot be prevented: a frame that works is not kept from the buyer. */
export class CheckoutReadyEvent extends CheckoutEvent {
  /** Milliseconds since the load began. */
  declare readonly ms: number;
  constructor(fields: Fields<CheckoutReadyEvent>) {
    super('ready', fields, false);
  }
}

/** `slow-after` has passed, or the frame cannot be heard. Default: a note with a link. */
export class CheckoutSlowEvent extends CheckoutEvent {
  /** Milliseconds since the load began. */
  declare readonly ms: number;
  /** Why the frame cannot be heard, or keeps silent; `null` while it is only late. */
  declare readonly diagnosis: Diagnosis | null;
  constructor(fields: Fields<CheckoutSlowEvent>) {
    super('slow', fields, true);
  }
}

/** No checkout can be shown. Default: a panel says what to do. */
export class CheckoutBlockedEvent extends CheckoutEvent {
  declare readonly diagnosis: Diagnosis;
  constructor(fields: Fields<CheckoutBlockedEvent>) {
    super('blocked', fields, true);
  }
}

interface Picked {
  readonly planVersionId: string | null;
  readonly planItemId: string | null;
}

/** The buyer wants to check out; `waitUntil(promise)` takes the page's own step of a deferred one. Default: a deferred one is resumed at once; one that broke out is noted as away. */
export class CheckoutInitiatedEvent extends CheckoutEvent implements Picked {
  declare readonly planVersionId: string | null;
  declare readonly planItemId: string | null;
  declare readonly vanity: string | null;
  /** Nothing was opened: the page decides when `resume()` goes on. */
  declare readonly deferred: boolean;
  /** The address `resume()` loads. */
  declare readonly resumeUrl: string | null;
  readonly #steps: Promise<unknown>[] = [];
  constructor(fields: Fields<Omit<CheckoutInitiatedEvent, 'waitUntil' | 'step'>>) {
    super('initiated', fields, true);
  }

  /**
   * The page's own step of a deferred checkout: it is resumed when all such promises have resolved, and closed
   * when one rejects. To be called while the event is dispatched.
   * @throws {DOMException} `InvalidStateError` after that, as behind an `await`: nobody waits any more.
   */
  waitUntil(step: Promise<unknown>): void {
    if (this.eventPhase === Event.NONE)
      throw new DOMException('Call waitUntil() at once, before any await', 'InvalidStateError');
    this.#steps.push(step);
  }

  /** @internal `null` where nobody asked to wait. */
  get step(): Promise<unknown> | null {
    return this.#steps.length === 0 ? null : Promise.all(this.#steps);
  }
}

/** The button of a custom card. Default: its link is followed, where it is a safe one. */
export class CheckoutCtaEvent extends CheckoutEvent implements Picked {
  declare readonly planVersionId: string | null;
  declare readonly planItemId: string | null;
  declare readonly vanity: string | null;
  /** As the operator entered it: check it before you follow it. */
  declare readonly link: string | null;
  constructor(fields: Fields<CheckoutCtaEvent>) {
    super('cta', fields, true);
  }
}

/** Heard, not proven: the checkout is confirmed. Fulfill nothing for it. Default: the thank-you. */
export class CheckoutConfirmedEvent extends CheckoutEvent implements Picked {
  declare readonly planVersionId: string | null;
  declare readonly planItemId: string | null;
  /** A message of the frame itself came with it; `false` also where a link, another tab or the backend said so. Proves no payment. */
  declare readonly verified: boolean;
  constructor(fields: Fields<CheckoutConfirmedEvent>) {
    super('confirmed', fields, true);
  }
}

/** An anonymous buyer has a link in the inbox. Default: a note beside the frame. */
export class CheckoutPendingEvent extends CheckoutEvent implements Picked {
  declare readonly planVersionId: string | null;
  declare readonly planItemId: string | null;
  /** A message of the frame itself came with it; `false` also where a link, another tab or the backend said so. Proves no payment. */
  declare readonly verified: boolean;
  /** Set where the checkout was meant to be bound to an order and is not. */
  declare readonly unbound: UnboundCause | null;
  constructor(fields: Fields<CheckoutPendingEvent>) {
    super('pending', fields, true);
  }
}

/** An attempt in the frame failed. Default: a note beside the frame, with another try where one is safe. */
export class CheckoutErrorEvent extends CheckoutEvent implements Picked {
  declare readonly planVersionId: string | null;
  declare readonly planItemId: string | null;
  /** The vendor's word: `SESSION_MINT_FAILED`, `CONFIRM_FAILED`, or one that is not known yet. */
  declare readonly reason: string;
  /** Whether another try is known to be safe now. */
  declare readonly retryable: boolean;
  constructor(fields: Fields<CheckoutErrorEvent>) {
    super('error', fields, true);
  }
}

/** The buyer or the page closed the checkout, or the page threw its frame out once too often. Default: a panel to open it again. */
export class CheckoutClosedEvent extends CheckoutEvent implements Picked {
  declare readonly planVersionId: string | null;
  declare readonly planItemId: string | null;
  constructor(fields: Fields<CheckoutClosedEvent>) {
    super('closed', fields, true);
  }
}

/** The backend says: fulfilled. Default: done, or the redirect that the backend names. */
export class CheckoutSettledEvent extends CheckoutEvent {
  declare readonly attemptId: string | null;
  declare readonly source: EndSource;
  /** Where the default action goes. */
  declare readonly redirect: string | null;
  constructor(fields: Fields<CheckoutSettledEvent>) {
    super('settled', fields, true);
  }
}

/** Confirming takes longer than the page waits, nobody here may ask, or a person looks at it. Default: "we have your order". */
export class CheckoutUnsettledEvent extends CheckoutEvent {
  declare readonly attemptId: string | null;
  declare readonly source: EndSource;
  constructor(fields: Fields<CheckoutUnsettledEvent>) {
    super('unsettled', fields, true);
  }
}

/** The backend says: failed. Default: a panel, with another try only where the backend allows it. */
export class CheckoutFailedEvent extends CheckoutEvent {
  declare readonly attemptId: string | null;
  declare readonly source: EndSource;
  declare readonly retryable: boolean;
  constructor(fields: Fields<CheckoutFailedEvent>) {
    super('failed', fields, true);
  }
}

/** The frame is loaded again, by itself, by the buyer or by the page. */
export class CheckoutRetryEvent extends CheckoutEvent {
  /** Counts the loads. */
  declare readonly load: number;
  /** `timeout-elapsed`: by itself, after a silence that looked like the network. `retry`: asked for. */
  declare readonly cause: string;
  constructor(fields: Fields<CheckoutRetryEvent>) {
    super('retry', fields, false);
  }
}

/** Something was not believed, and moved nothing. */
export class CheckoutRejectedEvent extends CheckoutEvent {
  declare readonly reason: RejectReason | 'unsafe-link';
  /** The vendor's event, without its prefix. */
  declare readonly name: string;
  constructor(fields: Fields<CheckoutRejectedEvent>) {
    super('rejected', fields, false);
  }
}

/** A step and its time: all that an analytics tag needs, and nothing about the buyer. */
export class CheckoutTimingEvent extends CheckoutEvent {
  /** The state that was reached. */
  declare readonly name: CheckoutState;
  /** Milliseconds since the load began. */
  declare readonly ms: number;
  /** Counts the loads. */
  declare readonly load: number;
  constructor(fields: Fields<CheckoutTimingEvent>) {
    super('timing', fields, false);
  }
}

/** By type, for wrappers and helpers. */
export interface CheckoutEventMap {
  'checkout-statechange': CheckoutStateChangeEvent;
  'checkout-ready': CheckoutReadyEvent;
  'checkout-slow': CheckoutSlowEvent;
  'checkout-blocked': CheckoutBlockedEvent;
  'checkout-initiated': CheckoutInitiatedEvent;
  'checkout-cta': CheckoutCtaEvent;
  'checkout-confirmed': CheckoutConfirmedEvent;
  'checkout-pending': CheckoutPendingEvent;
  'checkout-error': CheckoutErrorEvent;
  'checkout-closed': CheckoutClosedEvent;
  'checkout-settled': CheckoutSettledEvent;
  'checkout-unsettled': CheckoutUnsettledEvent;
  'checkout-failed': CheckoutFailedEvent;
  'checkout-retry': CheckoutRetryEvent;
  'checkout-rejected': CheckoutRejectedEvent;
  'checkout-timing': CheckoutTimingEvent;
}

declare global {
  interface HTMLElementEventMap extends CheckoutEventMap {}
  interface DocumentEventMap extends CheckoutEventMap {}
  interface WindowEventMap extends CheckoutEventMap {}
}
