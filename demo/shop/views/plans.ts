/** LedgerBee's tab: a plan, sold in a frame. The checkout in it is markup that any shop could print. */
import type { Catalogue } from '../catalogue.js';
import { checkoutTag } from '../checkout-tag.js';
import { html, type Html } from '../html.js';
import type { PageSettings } from '../../pages/settings.js';
import { accessSection, type AccessView } from './access.js';
import { wordsOf } from '../words.js';
import { renderDocument, type PageFrame } from './document.js';
import { factsOf } from './facts.js';

export interface PlansView extends PageFrame, AccessView {
  readonly shopOrigin: string;
  readonly catalogue: Catalogue;
  /** The whole embed URL of a gated plan; `null` for a public one. */
  readonly gatedUrl: string | null;
}

export function renderPlans(view: PlansView): string {
  const { title, skip } = wordsOf(view.settings).plans;
  return renderDocument({
    ...view,
    title,
    skipTo: ['plans', skip],
    scripts: scripts(view.settings, view.catalogue),
    main: [hero(view.settings), plans(view), accessSection(view)],
  });
}

function plans(view: PlansView): Html {
  const { plans: words, order } = wordsOf(view.settings);
  return html`<section class="plans" id="plans" tabindex="-1" aria-labelledby="plans-heading">
    <div class="plans-intro">
      <h2 id="plans-heading">${words.choose}</h2>
      <p>${words.terms} ${order}&nbsp;<span class="ref">${view.orderRef}</span></p>
    </div>
    <div class="${view.settings.place === 'far' ? 'far' : 'near'}">${checkoutTag(view)}</div>
  </section>`;
}

/** The vendor's snippet brings embed.js along; a merchant who forgot the early queue may come after its first word. */
function scripts({ markup }: PageSettings, { portalOrigin }: Catalogue): Html {
  return markup === 'late'
    ? html`<script src="${portalOrigin}/embed.js"></script>
        <script type="module" src="/scripts/late-shop.js"></script>`
    : html`<script type="module" src="/scripts/shop.js"></script>`;
}

function hero(settings: PageSettings): Html {
  const { eyebrow, heading, lede, facts } = wordsOf(settings).plans;
  return html`<section class="hero">
    <p class="eyebrow">${eyebrow}</p>
    <h1>${heading}</h1>
    <p class="lede">${lede}</p>
    ${factsOf(facts)}
  </section>`;
}
