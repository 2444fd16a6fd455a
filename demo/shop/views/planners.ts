/** Ledyer's tab: goods for a company, ordered on Ledyer's page that the shop's backend opens. */
import { html, type Html } from '../html.js';
import { DESK_LINES, PLANNERS, priceOf } from '../products.js';
import { accessSection, type AccessView } from './access.js';
import { wordsOf, type Words } from '../words.js';
import { renderDocument, type PageFrame } from './document.js';

export interface PlannersView extends PageFrame, AccessView {
  /** The last press could not open the checkout. */
  readonly isUnavailable: boolean;
  /** What goes along to the confirmation page. */
  readonly query: string;
}

export function renderPlanners(view: PlannersView): string {
  const { title, skip } = wordsOf(view.settings).planners;
  return renderDocument({
    ...view,
    title,
    skipTo: ['basket', skip],
    main: [goods(view), accessSection(view)],
  });
}

function goods(view: PlannersView): Html {
  const { eyebrow, heading, lede } = wordsOf(view.settings).planners;
  return html`<div class="goods">
    <section class="goods-about">
      <p class="eyebrow">${eyebrow}</p>
      <h1>${heading}</h1>
      <p class="lede">${lede}</p>
    </section>
    ${basket(view)}
  </div>`;
}

function basket({ orderRef, isUnavailable, query, settings }: PlannersView): Html {
  const words = wordsOf(settings);
  const { planners } = words;
  return html`<section class="purchase" id="basket" tabindex="-1" aria-labelledby="basket-heading">
    <h2 id="basket-heading">${planners.basket}</h2>
    ${linesOf(words)}
    <p class="purchase-note">
      ${planners.for} <strong>Nordlys Kontor AB</strong>. ${words.order}&nbsp;<span class="ref"
        >${orderRef}</span
      >
    </p>
    ${
      isUnavailable
        ? html`<p class="notice" role="alert" data-testid="notice">${planners.unavailable}</p>`
        : null
    }
    <form method="post" action="/ledyer/checkout?${query}" data-checkout>
      <input type="hidden" name="order" value="${orderRef}" />
      <button class="buy">${planners.buy}</button>
    </form>
  </section>`;
}

/** On the confirmation page too. */
export function linesOf(words: Words): Html {
  const { item, price, total } = words.planners;
  return html`<table class="lines">
    <thead>
      <tr>
        <th scope="col">${item}</th>
        <th scope="col">${price}</th>
      </tr>
    </thead>
    <tbody>
      ${DESK_LINES.map(
        ({ reference, title, quantity, amountMinor }) =>
          html`<tr>
            <td>${quantity === 1 ? '' : `${quantity} × `}${words.goods[reference] ?? title}</td>
            <td>${priceOf({ ...PLANNERS, amountMinor }, words)}</td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">${total}</th>
        <td data-testid="price">${priceOf(PLANNERS, words)}</td>
      </tr>
    </tfoot>
  </table>`;
}
