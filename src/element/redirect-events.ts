/** The events of `<checkout-redirect>` that are its own; `checkout-settled`, `-unsettled` and `-failed` are those of every checkout. */
import type { HandoffErrorCode } from '../core/handoff-error.js';
import type { RedirectState } from '../core/redirect-machine.js';
import { CheckoutEvent } from './events.js';

type Fields<E> = Omit<E, keyof Event | 'toJSON'>;

/** The state has changed. Comes before the state's own event. */
export class RedirectStateChangeEvent extends CheckoutEvent {
  declare readonly from: RedirectState;
  declare readonly to: RedirectState;
  constructor(fields: Fields<RedirectStateChangeEvent>) {
    super('redirect-statechange', fields, false);
  }
}

/** The vendor's checkout is open at `url`. Default: the page goes there. */
export class CheckoutRedirectEvent extends CheckoutEvent {
  /** https, or http on a loopback name. */
  declare readonly url: string;
  declare readonly attemptId: string | null;
  constructor(fields: Fields<CheckoutRedirectEvent>) {
    super('redirect', fields, true);
  }
}

/** The vendor's checkout could not be opened. Default: a note beside the button. */
export class CheckoutRedirectErrorEvent extends CheckoutEvent {
  /** Why, as `HandoffError` names it; `invalid-handoff-url` for an attribute that is none. */
  declare readonly code: HandoffErrorCode | 'invalid-handoff-url';
  constructor(fields: Fields<CheckoutRedirectErrorEvent>) {
    super('redirect-error', fields, true);
  }
}

/** By type, for wrappers and helpers. */
export interface CheckoutRedirectEventMap {
  'checkout-redirect-statechange': RedirectStateChangeEvent;
  'checkout-redirect': CheckoutRedirectEvent;
  'checkout-redirect-error': CheckoutRedirectErrorEvent;
}

declare global {
  interface HTMLElementEventMap extends CheckoutRedirectEventMap {}
  interface DocumentEventMap extends CheckoutRedirectEventMap {}
  interface WindowEventMap extends CheckoutRedirectEventMap {}
}
