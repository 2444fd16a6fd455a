import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { StatusProvider } from './backend-link.js';
import type { BindTokenProvider } from './bind-tokens.js';
import { DEFAULTS } from './checkout-config.js';
import type { Messages } from './messages.js';

/** Attributes and properties whose change may mean another frame. */
const CONFIG = [
  'lang',
  'portal',
  'plan',
  'item',
  'forced',
  'src',
  'target',
  'ctaCallback',
  'returnUrl',
  'handoffUrl',
  'order',
  'slowAfter',
  'timeout',
  'loading',
  'minHeight',
  'retries',
  'embedScript',
] as const;

export function isConfig(changed: PropertyValues): boolean {
  return CONFIG.some((name) => changed.has(name));
}

/** The attributes and properties, with their defaults. What they mean is read in `checkout-config.ts`. */
export abstract class AttributedElement extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    portal: {},
    plan: {},
    item: {},
    forced: { type: Boolean },
    src: {},
    target: {},
    ctaCallback: { type: Boolean, attribute: 'cta-callback' },
    returnUrl: { attribute: 'return-url' },
    handoffUrl: { attribute: 'handoff-url' },
    order: {},
    slowAfter: { type: Number, attribute: 'slow-after' },
    timeout: { type: Number },
    loading: {},
    minHeight: { type: Number, attribute: 'min-height' },
    retries: { type: Number },
    embedScript: { attribute: 'embed-script' },
    integrity: {},
    frameTitle: { attribute: 'frame-title' },
    fetchBindToken: { attribute: false },
    getStatus: { attribute: false },
    messages: { attribute: false },
  };
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** Origin of the LedgerBee portal. https, or http on a loopback name. */
  declare portal: string | null;
  /** The plan's vanity. */
  declare plan: string | null;
  /** One item of the plan, whose checkout opens over the cards. */
  declare item: string | null;
  /** With `item`: that item's checkout alone. */
  declare forced: boolean;
  /** A whole embed URL, as for a gated plan. Stands over `portal` and `plan`. */
  declare src: string | null;
  /** `inline`, `callback`, `_top` or `_blank`. Default: the vendor's. */
  declare target: string | null;
  /** Custom cards hand their click to the page. */
  declare ctaCallback: boolean;
  /** Where a checkout that left the page comes back to; of this page's origin. */
  declare returnUrl: string | null;
  /** Base of the backend's handoff routes. */
  declare handoffUrl: string | null;
  /** The page's word for the order; a hint to the backend. */
  declare order: string | null;
  /** Milliseconds of attended time until `slow`. Default 4000. */
  declare slowAfter: number;
  /** Milliseconds of attended time until the frame is given up. Default 12000. */
  declare timeout: number;
  /** `eager` or `lazy`: the frame is built when it comes near the view. */
  declare loading: string | null;
  /** Pixels kept for the frame. Default 560. */
  declare minHeight: number;
  /** Automatic reloads after silence that looks like the network, 0 to 3. Default 1. */
  declare retries: number;
  /** Another address of `embed.js` on the portal. */
  declare embedScript: string | null;
  /** Subresource integrity of `embed.js`. */
  declare integrity: string | null;
  /** Name of the frame for those who do not see it. */
  declare frameTitle: string | null;
  /** Mints bind tokens in place of the handoff. */
  declare fetchBindToken: BindTokenProvider | null;
  /** Tells what became of the order in place of the handoff. */
  declare getStatus: StatusProvider | null;
  /** The page's own words, over those of the language. */
  declare messages: Partial<Messages>;

  constructor() {
    super();
    this.portal = this.plan = this.item = this.src = this.target = this.loading = null;
    this.returnUrl = this.handoffUrl = this.order = null;
    this.embedScript = this.integrity = this.frameTitle = null;
    this.forced = this.ctaCallback = false;
    this.slowAfter = DEFAULTS.slowAfter;
    this.timeout = DEFAULTS.timeout;
    this.minHeight = DEFAULTS.minHeight;
    this.retries = DEFAULTS.retries;
    this.fetchBindToken = this.getStatus = null;
    this.messages = {};
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate(name, before);
  }
}
