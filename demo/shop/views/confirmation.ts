/** Where Ledyer sends the buyer back to. That they came proves nothing: the element asks the backend. */
import { html, tagOf, type Html } from '../html.js';
import { accessSection, type AccessView } from './access.js';
import { renderDocument, type PageFrame } from './document.js';
import { linesOf } from './planners.js';

export function renderConfirmation(view: PageFrame & AccessView): string {
  return renderDocument({
    ...view,
    title: `Order ${view.orderRef} · Plumbline`,
    skipTo: ['order', 'the order'],
    main: [confirmation(view), accessSection(view)],
  });
}

function confirmation({ orderRef, settings }: PageFrame): Html {
  return html`<div class="goods">
    <section class="goods-about" id="order" tabindex="-1" aria-labelledby="order-heading">
      <p class="eyebrow">For the wall</p>
      <h1 id="order-heading" class="small">Order <span class="ref">${orderRef}</span></h1>
      ${tagOf('checkout-redirect', {
        'handoff-url': '/checkout',
        vendor: 'ledyer',
        order: orderRef,
        lang: settings.lang,
        watch: '',
      })}
    </section>
    <section class="purchase" aria-labelledby="lines-heading">
      <h2 id="lines-heading">In this order</h2>
      ${linesOf()}
      <p class="purchase-note">For <strong>Nordlys Kontor AB</strong>. The invoice comes when we ship.</p>
    </section>
  </div>`;
}
