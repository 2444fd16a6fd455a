/** The checkout as the merchant prints it: by attributes, or around the operator's own snippet. */
import type { Catalogue } from './catalogue.js';
import { html, tagOf, type Attributes, type Html } from './html.js';
import { settingsQuery, type PageSettings } from '../pages/settings.js';
import { wordsOf, type Words } from './words.js';

export interface CheckoutTag {
  readonly shopOrigin: string;
  readonly catalogue: Catalogue;
  readonly settings: PageSettings;
  readonly orderRef: string;
  /** The whole embed URL of a gated plan; `null` for a public one. */
  readonly gatedUrl: string | null;
}

/** Milliseconds: longer than anybody looks. */
const NEVER_MS = '3600000';

const DEADLINES = {
  usual: null,
  short: { slowAfter: '400', timeout: '2000' },
  loading: { slowAfter: NEVER_MS, timeout: NEVER_MS },
  slow: { slowAfter: '400', timeout: NEVER_MS },
} as const satisfies Record<PageSettings['patience'], unknown>;

export function checkoutTag(tag: CheckoutTag): Html {
  const { settings } = tag;
  const isAdopted = settings.surface === 'adopted';
  const attributes = isAdopted
    ? sharedAttributes(tag)
    : { ...sourceAttributes(tag), ...sharedAttributes(tag) };
  return tagOf('checkout-embed', attributes, [
    ...(isAdopted ? [tagOf('iframe', frameAttributes(tag))] : []),
    ...(settings.step === 'own' ? [ownStep(wordsOf(settings))] : []),
  ]);
}

/** Where the portal is said to be by markup that is wrong about it. */
const PORTALS: Partial<Record<PageSettings['markup'], string>> = {
  'bad-portal': 'acme.portal.ledgerbee.com',
  // Plain http is for loopback names alone.
  'http-portal': 'http://acme.portal.ledgerbee.com',
};

function sourceAttributes({ catalogue, settings, gatedUrl }: CheckoutTag): Attributes {
  const { portalOrigin, vanity } = catalogue;
  if (gatedUrl !== null) return { src: gatedUrl };
  const { surface, markup } = settings;
  return {
    portal: PORTALS[markup] ?? portalOrigin,
    plan: markup === 'no-plan' ? null : markup === 'bad-plan' ? `${vanity}/cards` : vanity,
    item: surface === 'item' || surface === 'forced' ? catalogue.items[settings.item] : null,
    forced: surface === 'forced' ? '' : null,
  };
}

function sharedAttributes({ shopOrigin, settings, orderRef }: CheckoutTag): Attributes {
  const { target, lang, cta, patience, place, markup } = settings;
  const deadlines = DEADLINES[patience];
  return {
    'handoff-url': '/checkout',
    order: orderRef,
    target,
    lang,
    'cta-callback': cta === 'callback' ? '' : null,
    'return-url': target === 'inline' ? null : returnUrl(shopOrigin, settings),
    'slow-after': deadlines?.slowAfter ?? null,
    timeout: deadlines?.timeout ?? null,
    // One more try would only make a short wait longer.
    retries: patience === 'short' ? '0' : null,
    loading: place === 'far' ? 'lazy' : null,
    'embed-script': markup === 'no-script' ? '/embed/assets/gone.js' : null,
    integrity: markup === 'integrity' ? `sha384-${'A'.repeat(64)}` : null,
  };
}

/** As the portal's own snippet has it. */
function frameAttributes({ catalogue, settings, shopOrigin, gatedUrl }: CheckoutTag): Attributes {
  const { target, lang, markup } = settings;
  const url = new URL(gatedUrl ?? `${catalogue.portalOrigin}/embed/${catalogue.vanity}`);
  url.searchParams.set('target', target);
  url.searchParams.set('lang', lang);
  if (target !== 'inline') url.searchParams.set('returnUrl', returnUrl(shopOrigin, settings));
  return {
    src: markup === 'no-src' ? null : url.href,
    title: 'Plans',
    sandbox: markup === 'sandboxed' ? 'allow-forms allow-popups' : null,
    loading: markup === 'lazy-frame' ? 'lazy' : null,
  };
}

/** Back to the page as it was set. */
function returnUrl(shopOrigin: string, settings: PageSettings): string {
  const query = settingsQuery(settings);
  return query === '' ? `${shopOrigin}/` : `${shopOrigin}/?${query}`;
}

function ownStep({ step }: Words): Html {
  return html`<div slot="deferred" class="own-step">
    <h3 dir="auto">${step.heading}</h3>
    <p dir="auto">${step.question}</p>
    <button type="button" data-resume>Nordlys Studio</button>
  </div>`;
}
