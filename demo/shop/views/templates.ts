/** Siglume's tab: a download at a price, paid on Siglume's own page. */
import { html, tagOf, type Html } from '../html.js';
import { priceOf, type Product } from '../products.js';
import { accessSection, type AccessView } from './access.js';
import { renderDocument, type PageFrame } from './document.js';

export interface TemplatesView extends PageFrame, AccessView {
  readonly product: Product;
}

export function renderTemplates(view: TemplatesView): string {
  return renderDocument({
    ...view,
    title: 'The fee proposal pack · Plumbline',
    skipTo: ['buy', 'the price'],
    main: [goods(view), accessSection(view)],
  });
}

function goods(view: TemplatesView): Html {
  return html`<div class="goods">
    <section class="goods-about">
      <p class="eyebrow">Templates</p>
      <h1>Fee proposals that clients sign.</h1>
      <p class="lede">
        Forty proposals of working studios, from a kitchen to a town hall, with every number explained. Fill
        in the hours; the fee follows.
      </p>
      <ul class="facts">
        <li><strong>40 documents</strong> to edit in any word processor</li>
        <li><strong>One sheet</strong> that turns hours into a fee</li>
        <li><strong>Yours</strong> for good, updates too</li>
      </ul>
    </section>
    ${purchase(view)}
  </div>`;
}

function purchase({ product, orderRef, settings }: TemplatesView): Html {
  return html`<section class="purchase" id="buy" tabindex="-1" aria-labelledby="buy-heading">
    <h2 id="buy-heading">${product.title}</h2>
    <p class="price" data-testid="price">${priceOf(product)}</p>
    <p class="purchase-note">Paid from your Siglume wallet. Order <span class="ref">${orderRef}</span></p>
    ${tagOf('checkout-redirect', {
      'handoff-url': '/checkout',
      vendor: 'siglume',
      order: orderRef,
      lang: settings.lang,
    })}
  </section>`;
}
