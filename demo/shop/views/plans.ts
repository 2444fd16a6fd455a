/** LedgerBee's tab: a plan, sold in a frame. The checkout in it is markup that any shop could print. */
import type { Catalogue } from '../catalogue.js';
import { checkoutTag } from '../checkout-tag.js';
import { html, type Html } from '../html.js';
import type { PageSettings } from '../../pages/settings.js';
import { accessSection, type AccessView } from './access.js';
import { renderDocument, type PageFrame } from './document.js';

export interface PlansView extends PageFrame, AccessView {
  readonly shopOrigin: string;
  readonly catalogue: Catalogue;
  /** The whole embed URL of a gated plan; `null` for a public one. */
  readonly gatedUrl: string | null;
}

export function renderPlans(view: PlansView): string {
  return renderDocument({
    ...view,
    title: 'Plumbline Pro: the week of a small studio on one page',
    skipTo: ['plans', 'the plans'],
    scripts: scripts(view.settings, view.catalogue),
    main: [hero(), plans(view), accessSection(view)],
  });
}

function plans(view: PlansView): Html {
  return html`<section class="plans" id="plans" tabindex="-1" aria-labelledby="plans-heading">
    <div class="plans-intro">
      <h2 id="plans-heading">Choose your plan</h2>
      <p>Cancel at the end of any month. Order <span class="ref">${view.orderRef}</span></p>
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

function hero(): Html {
  return html`<section class="hero">
    <p class="eyebrow">Plumbline Pro</p>
    <h1>The whole studio’s week, on one page.</h1>
    <p class="lede">
      Plumbline shows who works on what, what is about to slip and what it will cost. Made for design and
      architecture studios of two to twenty-five people.
    </p>
    <ul class="facts">
      <li><strong>One timeline</strong> for every project</li>
      <li><strong>Hours</strong> that become an invoice</li>
      <li><strong>No setup</strong> beyond a Monday morning</li>
    </ul>
  </section>`;
}
