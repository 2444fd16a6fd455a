/** Registers `<checkout-redirect>`, for vendors whose checkout is a page of their own. */
import { CheckoutRedirect } from './element/checkout-redirect.js';

export { CheckoutRedirect } from './element/checkout-redirect.js';
export * from './element/redirect-events.js';
export { startCheckout, type StartCheckoutOptions, type StartedCheckout } from './core/start-checkout.js';
export {
  CheckoutFailedEvent,
  CheckoutSettledEvent,
  CheckoutUnsettledEvent,
  type EndSource,
} from './element/events.js';
export type { HandoffErrorCode } from './core/handoff-error.js';
export type { RedirectState } from './core/redirect-machine.js';
export type { Messages, Text } from './element/messages.js';
export type { CheckoutRedirectProps } from './element/tag-props.js';

declare global {
  interface HTMLElementTagNameMap {
    'checkout-redirect': CheckoutRedirect;
  }
}

CheckoutRedirect.define();
