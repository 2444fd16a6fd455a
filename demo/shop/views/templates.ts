/** Siglume's tab: a download at a price, paid on Siglume's own page. */
import { html, tagOf, type Html } from '../html.js';
import { priceOf, type Product } from '../products.js';
import { accessSection, type AccessView } from './access.js';
import { wordsOf } from '../words.js';
import { renderDocument, type PageFrame } from './document.js';
import { factsOf } from './facts.js';

export interface TemplatesView extends PageFrame, AccessView {
  readonly product: Product;
}

export function renderTemplates(view: TemplatesView): string {
  const { title, skip } = wordsOf(view.settings).templates;
  return renderDocument({
    ...view,
    title,
    skipTo: ['buy', skip],
    main: [goods(view), accessSection(view)],
  });
}

function goods(view: TemplatesView): Html {
  const { eyebrow, heading, lede, facts } = wordsOf(view.settings).templates;
  return html`<div class="goods">
    <section class="goods-about">
      <p class="eyebrow">${eyebrow}</p>
      <h1>${heading}</h1>
      <p class="lede">${lede}</p>
      ${factsOf(facts)}
    </section>
    ${purchase(view)}
  </div>`;
}

function purchase({ product, orderRef, settings }: TemplatesView): Html {
  const words = wordsOf(settings);
  return html`<section class="purchase" id="buy" tabindex="-1" aria-labelledby="buy-heading">
    <h2 id="buy-heading">${words.goods[product.id] ?? product.title}</h2>
    <p class="price" data-testid="price">${priceOf(product, words)}</p>
    <p class="purchase-note">
      ${words.templates.paidFrom} ${words.order}&nbsp;<span class="ref">${orderRef}</span>
    </p>
    ${tagOf('checkout-redirect', {
      'handoff-url': '/checkout',
      vendor: 'siglume',
      order: orderRef,
      lang: settings.lang,
    })}
  </section>`;
}
