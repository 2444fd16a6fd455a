import { LitElement, type PropertyDeclarations } from 'lit';
import type { Vendor } from '../protocol/vendor.js';
import type { Messages } from './messages.js';

/**
 * What a page can set, hear, fill and style: the reference of the tag.
 *
 * @attr {string} [lang=en] - `en` or `da`; of the element or of what it stands in.
 *
 * @fires {RedirectStateChangeEvent} checkout-redirect-statechange
 * @fires {CheckoutRedirectEvent} checkout-redirect
 * @fires {CheckoutRedirectErrorEvent} checkout-redirect-error
 * @fires {CheckoutSettledEvent} checkout-settled
 * @fires {CheckoutUnsettledEvent} checkout-unsettled
 * @fires {CheckoutFailedEvent} checkout-failed
 *
 * @slot - The button's words.
 * @slot starting - The button's words while the checkout is opened.
 * @slot error - In place of "payment couldn't be opened", above the button.
 * @slot away - In place of "payment not finished".
 * @slot settling - In place of "we are confirming". Never say "done" here.
 * @slot settled - In place of "done": the backend said so.
 * @slot unsettled - In place of "we have your order". Never red, never "try again".
 * @slot failed - In place of what to do when the backend says failed.
 *
 * @csspart base - The box around everything.
 * @csspart button - The button that opens the checkout, or tries again.
 * @csspart note - The note above the button.
 * @csspart note-error - The note of that state.
 * @csspart panel - What stands in the button's place.
 * @csspart panel-away - The panel of that state.
 * @csspart panel-settling - The panel of that state.
 * @csspart panel-settled - The panel of that state.
 * @csspart panel-unsettled - The panel of that state.
 * @csspart panel-failed - The panel of that state.
 * @csspart icon - The icon of a note or a panel.
 * @csspart heading - The heading of a note or a panel.
 * @csspart message - The text of a note or a panel.
 * @csspart actions - The row of a panel's button.
 * @csspart progress - The bar while the backend is asked.
 * @csspart status - The live region, which is read and not seen.
 *
 * @cssprop [--checkout-embed-text=light-dark(#18181b, #f4f4f5)] - Color of headings and texts.
 * @cssprop [--checkout-embed-muted=light-dark(#5f5f69, #a5a5ae)] - Color of what is said more quietly.
 * @cssprop [--checkout-embed-surface=light-dark(#fff, #18181b)] - Background of the box.
 * @cssprop [--checkout-embed-border=light-dark(#e4e4e7, #313136)] - Color of the lines.
 * @cssprop [--checkout-embed-border-width=1px] - Width of the line around the box.
 * @cssprop [--checkout-embed-accent=light-dark(#18181b, #fafafa)] - Background of the button.
 * @cssprop [--checkout-embed-on-accent=light-dark(#fff, #18181b)] - Color of the button's words.
 * @cssprop [--checkout-embed-success=light-dark(#157347, #4cc38a)] - Tone of what went well.
 * @cssprop [--checkout-embed-danger=light-dark(#b4231f, #ff8f87)] - Tone of what failed.
 * @cssprop [--checkout-embed-notice=light-dark(#1f5fbf, #86b6ff)] - Tone of what is only to be noticed.
 * @cssprop [--checkout-embed-skeleton=light-dark(#ececef, #2a2a2f)] - Color of the progress bar's ground.
 * @cssprop [--checkout-embed-focus-ring=light-dark(#1f5fbf, #86b6ff)] - Color of the focus ring.
 * @cssprop [--checkout-embed-radius=12px] - Radius of the button, the note and the box.
 * @cssprop [--checkout-embed-gap=16px] - Space between and around things; all others are made of it.
 * @cssprop [--checkout-embed-motion=0.2s] - How long a panel takes to appear; the progress bar moves at its pace. None under reduced motion.
 * @cssprop [--checkout-embed-font=system-ui, sans-serif] - Font family.
 *
 * @cssstate idle - Nothing was begun: the button.
 * @cssstate starting - Pressed: the backend opens the checkout.
 * @cssstate away - The buyer is at the vendor's, or came back without paying.
 * @cssstate settling - Heard, not proven: "thank you, we are confirming".
 * @cssstate settled - Done: the backend said so.
 * @cssstate unsettled - Confirming takes longer than the page waits: "we have your order".
 * @cssstate failed - The backend said failed: another try only where it is safe.
 * @cssstate error - The checkout could not be opened: a note above the button.
 */
export abstract class AttributedRedirect extends LitElement {
  // A default is not written into the page, and comes back where its attribute goes.
  static override readonly properties: PropertyDeclarations = {
    handoffUrl: { attribute: 'handoff-url', reflect: true, useDefault: true },
    vendor: { reflect: true, useDefault: true },
    order: { reflect: true, useDefault: true },
    plan: { reflect: true, useDefault: true },
    item: { reflect: true, useDefault: true },
    watch: { type: Boolean, reflect: true, useDefault: true },
    messages: { attribute: false },
  };

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** Base of the backend's handoff routes. Required. */
  declare handoffUrl: string | null;
  /**
   * Whose checkout it is.
   * @default 'siglume'
   */
  declare vendor: Vendor;
  /** The page's word for the order; a hint to the backend. */
  declare order: string | null;
  /** The page's word for the plan; a hint to the backend. */
  declare plan: string | null;
  /** The page's word for the item; a hint to the backend. */
  declare item: string | null;
  /** This is the page after the checkout: the order is watched at once, and no button is offered. */
  declare watch: boolean;
  /**
   * The page's own words, over those of the language.
   * @default {}
   */
  declare messages: Partial<Messages>;

  constructor() {
    super();
    this.handoffUrl = this.order = this.plan = this.item = null;
    this.vendor = 'siglume';
    this.watch = false;
    this.messages = {};
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate(name, before);
  }
}
