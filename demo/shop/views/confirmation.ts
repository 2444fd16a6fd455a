/** Where Ledyer sends the buyer back to. That they came proves nothing: the element asks the backend. */
import { html, tagOf, type Html } from '../html.js';
import { accessSection, type AccessView } from './access.js';
import { wordsOf } from '../words.js';
import { renderDocument, type PageFrame } from './document.js';
import { linesOf } from './planners.js';

export function renderConfirmation(view: PageFrame & AccessView): string {
  const words = wordsOf(view.settings);
  return renderDocument({
    ...view,
    title: `${words.order} ${view.orderRef} · Plumbline`,
    skipTo: ['order', words.confirmation.skip],
    main: [confirmation(view), accessSection(view)],
  });
}

function confirmation({ orderRef, settings }: PageFrame): Html {
  const words = wordsOf(settings);
  return html`<div class="goods">
    <section class="goods-about" id="order" tabindex="-1" aria-labelledby="order-heading">
      <p class="eyebrow">${words.planners.eyebrow}</p>
      <h1 id="order-heading" class="small">${words.order}&nbsp;<span class="ref">${orderRef}</span></h1>
      ${tagOf('checkout-redirect', {
        'handoff-url': '/checkout',
        vendor: 'ledyer',
        order: orderRef,
        lang: settings.lang,
        watch: '',
      })}
    </section>
    <section class="purchase" aria-labelledby="lines-heading">
      <h2 id="lines-heading">${words.confirmation.lines}</h2>
      ${linesOf(words)}
      <p class="purchase-note">
        ${words.planners.for} <strong>Nordlys Kontor AB</strong>. ${words.confirmation.invoice}
      </p>
    </section>
  </div>`;
}
