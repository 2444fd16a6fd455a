import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Target } from '../core/attempt-states.js';
import type { StatusProvider } from './status-source.js';
import type { BindTokenProvider } from './bind-tokens.js';
import { DEFAULTS } from './checkout-config.js';
import type { Messages } from './messages.js';

type Values = Record<string, unknown>;

const INITIAL: Readonly<Values> = { ...DEFAULTS, forced: false, ctaCallback: false, messages: {} };

/** What is empty is no number. */
const converter = (value: string | number | null): number | null =>
  value === null ? value : String(value).trim() ? Number(value) : NaN;

/** As of `order={known && id}`. */
const nameIn = (value: unknown): string | null => (value === false ? null : String(value));

/**
 * What a page can set, hear, fill and style: the reference of the tag. The manifest and the README's tables are
 * made of it (`npm run docs`); what events say stands with their classes. What attributes mean is read in
 * `checkout-config.ts`.
 *
 * @attr {string} [lang=en] - `en` or `da`; of the element or of what it stands in.
 * @attr {string} nonce - Nonce of the page's policy, given on to `embed.js`.
 *
 * @fires {CheckoutStateChangeEvent} checkout-statechange
 * @fires {CheckoutReadyEvent} checkout-ready
 * @fires {CheckoutSlowEvent} checkout-slow
 * @fires {CheckoutBlockedEvent} checkout-blocked
 * @fires {CheckoutInitiatedEvent} checkout-initiated
 * @fires {CheckoutCtaEvent} checkout-cta
 * @fires {CheckoutConfirmedEvent} checkout-confirmed
 * @fires {CheckoutPendingEvent} checkout-pending
 * @fires {CheckoutErrorEvent} checkout-error
 * @fires {CheckoutClosedEvent} checkout-closed
 * @fires {CheckoutSettledEvent} checkout-settled
 * @fires {CheckoutUnsettledEvent} checkout-unsettled
 * @fires {CheckoutFailedEvent} checkout-failed
 * @fires {CheckoutRetryEvent} checkout-retry
 * @fires {CheckoutRejectedEvent} checkout-rejected
 * @fires {CheckoutTimingEvent} checkout-timing
 *
 * @slot - The vendor's frame. Left empty, one is built; one without `src` gets the address that `portal` and `plan` make.
 * @slot idle - In the strip, before anything is loaded.
 * @slot ready - In the strip above the plans, in place of the portal's name.
 * @slot checkout - In the strip above the checkout, in place of the portal's name.
 * @slot loading - In place of the skeleton.
 * @slot slow - In place of "taking longer".
 * @slot blocked - In place of what to do when no checkout can be shown.
 * @slot offline - In place of "you are offline".
 * @slot deferred - The page's own step before the checkout. Filled, it waits for `resume()`.
 * @slot away - In place of "finish in the other tab".
 * @slot pending - In place of "check your inbox".
 * @slot confirmed - In place of "thank you". Never say "done" here.
 * @slot settled - In place of "done": the backend said so.
 * @slot unsettled - In place of "we have your order". Never red, never "try again".
 * @slot failed - In place of what to do when the backend says failed.
 * @slot error - In place of the note beside the frame's own message.
 * @slot closed - In place of "open it again".
 *
 * @csspart base - The box around everything.
 * @csspart strip - The line above the frame, whose room is kept from the start.
 * @csspart strip-idle - The strip in that state.
 * @csspart strip-loading - The strip in that state.
 * @csspart strip-slow - The strip in that state.
 * @csspart strip-blocked - The strip in that state.
 * @csspart strip-ready - The strip in that state.
 * @csspart strip-checkout - The strip in that state.
 * @csspart strip-deferred - The strip in that state.
 * @csspart strip-away - The strip in that state.
 * @csspart strip-pending - The strip in that state.
 * @csspart strip-confirmed - The strip in that state.
 * @csspart strip-settled - The strip in that state.
 * @csspart strip-unsettled - The strip in that state.
 * @csspart strip-failed - The strip in that state.
 * @csspart strip-error - The strip in that state.
 * @csspart strip-closed - The strip in that state.
 * @csspart strip-offline - The strip in that state.
 * @csspart note - The strip while it says something.
 * @csspart note-slow - The note of that state.
 * @csspart note-offline - The note of that state.
 * @csspart note-away - The note of that state.
 * @csspart note-pending - The note of that state.
 * @csspart note-error - The note of that state.
 * @csspart frame-area - Where the frame stands.
 * @csspart skeleton - What covers the frame while it loads.
 * @csspart bone - One card of the skeleton.
 * @csspart panel - What stands in the frame's place.
 * @csspart panel-blocked - The panel of that state.
 * @csspart panel-offline - The panel of that state.
 * @csspart panel-deferred - The panel of that state.
 * @csspart panel-away - The panel of that state.
 * @csspart panel-pending - The panel of that state.
 * @csspart panel-confirmed - The panel of that state.
 * @csspart panel-settled - The panel of that state.
 * @csspart panel-unsettled - The panel of that state.
 * @csspart panel-failed - The panel of that state.
 * @csspart panel-error - The panel of that state.
 * @csspart panel-closed - The panel of that state.
 * @csspart icon - The icon of a note, a panel or the strip.
 * @csspart heading - The heading of a note or a panel.
 * @csspart message - The text of a note or a panel.
 * @csspart actions - The row of the button and the link.
 * @csspart button - The button that tries again.
 * @csspart quiet - That button in a note of `slow` or `away`: it looks like a link, as it is not the way to go.
 * @csspart link - The link to the same checkout in a tab of its own.
 * @csspart progress - The bar of a panel while something is awaited.
 * @csspart diagnosis - The note for developers in the panel of `blocked`.
 * @csspart status - The live region, which is read and not seen.
 *
 * @cssprop [--checkout-embed-text=light-dark(#18181b, #f4f4f5)] - Color of headings and texts.
 * @cssprop [--checkout-embed-muted=light-dark(#5f5f69, #a5a5ae)] - Color of what is said more quietly.
 * @cssprop [--checkout-embed-surface=light-dark(#fff, #18181b)] - Background of the box and its panels.
 * @cssprop [--checkout-embed-border=light-dark(#e4e4e7, #313136)] - Color of the lines.
 * @cssprop [--checkout-embed-border-width=1px] - Width of the line around the box.
 * @cssprop [--checkout-embed-accent=light-dark(#18181b, #fafafa)] - Background of the button.
 * @cssprop [--checkout-embed-on-accent=light-dark(#fff, #18181b)] - Color of the button's words.
 * @cssprop [--checkout-embed-success=light-dark(#157347, #4cc38a)] - Tone of what went well.
 * @cssprop [--checkout-embed-danger=light-dark(#b4231f, #ff8f87)] - Tone of what failed.
 * @cssprop [--checkout-embed-notice=light-dark(#1f5fbf, #86b6ff)] - Tone of what is only to be noticed.
 * @cssprop [--checkout-embed-skeleton=light-dark(#ececef, #2a2a2f)] - Color of the skeleton and of the progress bar's ground.
 * @cssprop [--checkout-embed-focus-ring=light-dark(#1f5fbf, #86b6ff)] - Color of the focus ring.
 * @cssprop [--checkout-embed-radius=12px] - Radius of the box and the cards of the skeleton.
 * @cssprop [--checkout-embed-gap=16px] - Space between and around things; all others are made of it.
 * @cssprop [--checkout-embed-motion=0.2s] - How long a panel takes to appear; the progress bar moves at its pace, and so does the skeleton, after a second. None under reduced motion.
 * @cssprop [--checkout-embed-font=system-ui, sans-serif] - Font family.
 * @cssprop [--checkout-embed-min-height=560px] - Height kept for the frame. Stands over `min-height`.
 * @cssprop [--checkout-embed-strip-height=max(56px, 3.5rem)] - Height kept for notes; in narrow places 5rem, 6.5rem and more, and no less than 80px and 104px.
 *
 * @cssstate idle - Nothing is loaded yet: no frame is wanted, or a lazy one is far from the view.
 * @cssstate loading - The frame is on its way: a skeleton of the same height.
 * @cssstate slow - `slow-after` has passed: "taking longer", with a link to a tab of its own.
 * @cssstate blocked - No checkout can be shown: what to do; on your own machine also why, and the value to copy.
 * @cssstate ready - The frame has painted its plans.
 * @cssstate checkout - The buyer checks out, in the frame.
 * @cssstate deferred - The page's own step comes before the checkout.
 * @cssstate away - The checkout left the page: "finish in the other tab".
 * @cssstate pending - An anonymous buyer has a link in the inbox: the frame, and a note beside it.
 * @cssstate confirmed - Heard, not proven: "thank you, we are confirming".
 * @cssstate settled - Done: the backend said so.
 * @cssstate unsettled - Confirming takes longer than the page waits: "we have your order".
 * @cssstate failed - The backend said failed: another try only where it is safe.
 * @cssstate error - An attempt in the frame failed: a note beside the vendor's own message.
 * @cssstate closed - The checkout was closed: a way to open it again, once that is safe.
 * @cssstate offline - There is no line: it says so and goes on by itself.
 */
export abstract class AttributedElement extends LitElement {
  // A default is not written into the page, and comes back where its attribute goes.
  static override readonly properties: PropertyDeclarations = {
    portal: { reflect: true, useDefault: true },
    plan: { reflect: true, useDefault: true },
    item: { reflect: true, useDefault: true },
    forced: { type: Boolean, reflect: true, useDefault: true },
    src: { reflect: true, useDefault: true },
    target: { reflect: true, useDefault: true },
    ctaCallback: { type: Boolean, attribute: 'cta-callback', reflect: true, useDefault: true },
    returnUrl: { attribute: 'return-url', reflect: true, useDefault: true },
    handoffUrl: { attribute: 'handoff-url', reflect: true, useDefault: true },
    order: { reflect: true, useDefault: true },
    slowAfter: { attribute: 'slow-after', reflect: true, useDefault: true, converter },
    timeout: { reflect: true, useDefault: true, converter },
    loading: { reflect: true, useDefault: true },
    minHeight: { attribute: 'min-height', reflect: true, useDefault: true, converter },
    retries: { reflect: true, useDefault: true, converter },
    embedScript: { attribute: 'embed-script', reflect: true, useDefault: true },
    integrity: { reflect: true, useDefault: true },
    frameTitle: { attribute: 'frame-title', reflect: true, useDefault: true },
    fetchBindToken: { attribute: false },
    getStatus: { attribute: false },
    messages: { attribute: false },
  };
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** Origin of your LedgerBee portal; https, or http on a loopback name. */
  declare portal: string | null;
  /** The plan's vanity. */
  declare plan: string | null;
  /** One item of the plan, whose checkout opens over the cards. */
  declare item: string | null;
  /** With `item`: that item's checkout alone. */
  declare forced: boolean;
  /** A whole embed URL, as for a gated plan. Stands over `portal` and `plan`. */
  declare src: string | null;
  /** Where the checkout opens: the vendor's values. Left out, the vendor's default. */
  declare target: Target | null;
  /** Custom cards hand their click to the page. */
  declare ctaCallback: boolean;
  /** Where a checkout that left the page comes back to; of this page's origin. */
  declare returnUrl: string | null;
  /** Base of the backend's handoff routes. Without it, or `getStatus`, nothing settles. */
  declare handoffUrl: string | null;
  /** The page's word for the order; a hint to the backend. */
  declare order: string | null;
  /**
   * Milliseconds of attended time until `slow`.
   * @default 4000
   */
  declare slowAfter: number;
  /**
   * Milliseconds of attended time until the frame is given up.
   * @default 12000
   */
  declare timeout: number;
  /**
   * `lazy`: the frame is built when it comes near the view.
   * @default 'eager'
   */
  declare loading: 'eager' | 'lazy' | null;
  /**
   * Pixels kept for the frame.
   * @default 560
   */
  declare minHeight: number;
  /**
   * Automatic reloads after silence that looks like the network, 0 to 3.
   * @default 1
   */
  declare retries: number;
  /** Another address of `embed.js` on the portal. */
  declare embedScript: string | null;
  /** Subresource integrity of `embed.js`. */
  declare integrity: string | null;
  /** Name of the frame for those who do not see it. Left out, `messages.frameTitle`. */
  declare frameTitle: string | null;
  /** Mints bind tokens in place of the handoff; after ten seconds without one the checkout goes on anonymously. */
  declare fetchBindToken: BindTokenProvider | null;
  /** Tells what became of the order in place of the handoff. */
  declare getStatus: StatusProvider | null;
  /**
   * The page's own words, over those of the language.
   * @default {}
   */
  declare messages: Partial<Messages>;

  constructor() {
    super();
    this.#settle(Object.keys(AttributedElement.properties));
  }

  /** What a framework gives for nothing, or in another type, becomes what it is in the property's own. */
  protected override willUpdate(changed: PropertyValues): void {
    this.#settle(changed.keys() as Iterable<string>);
  }

  #settle(names: Iterable<string>): void {
    const values = this as unknown as Values;
    for (const name of names) {
      const options = AttributedElement.properties[name];
      // `lang` is the browser's own.
      if (!options) continue;
      const { attribute, converter = nameIn, type = converter } = options;
      const value = values[name] ?? INITIAL[name] ?? null;
      values[name] =
        value === null || attribute === false ? value : (type as (value: unknown) => unknown)(value);
    }
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate(name, before);
  }
}
