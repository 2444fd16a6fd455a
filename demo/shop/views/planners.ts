/** Ledyer's tab: goods for a company, ordered on Ledyer's page that the shop's backend opens. */
import { html, type Html } from '../html.js';
import { DESK_LINES, PLANNERS, priceOf } from '../products.js';
import { accessSection, type AccessView } from './access.js';
import { renderDocument, type PageFrame } from './document.js';

export interface PlannersView extends PageFrame, AccessView {
  /** The last press could not open the checkout. */
  readonly isUnavailable: boolean;
  /** What goes along to the confirmation page. */
  readonly query: string;
}

export function renderPlanners(view: PlannersView): string {
  return renderDocument({
    ...view,
    title: 'The studio wall set · Plumbline',
    skipTo: ['basket', 'the basket'],
    main: [goods(view), accessSection(view)],
  });
}

function goods(view: PlannersView): Html {
  return html`<div class="goods">
    <section class="goods-about">
      <p class="eyebrow">For the wall</p>
      <h1>The plan, where everyone walks by.</h1>
      <p class="lede">
        Two planners of enameled steel, a rail that holds them, and marks for sixty weeks of work. Delivered
        in a week; your company pays by invoice.
      </p>
    </section>
    ${basket(view)}
  </div>`;
}

function basket({ orderRef, isUnavailable, query }: PlannersView): Html {
  return html`<section class="purchase" id="basket" tabindex="-1" aria-labelledby="basket-heading">
    <h2 id="basket-heading">Your basket</h2>
    ${linesOf()}
    <p class="purchase-note">
      For <strong>Nordlys Kontor AB</strong>. Order <span class="ref">${orderRef}</span>
    </p>
    ${
      isUnavailable
        ? html`<p class="notice" role="alert" data-testid="notice">
            The checkout couldn’t be opened, and nothing was ordered. Please try again in a moment.
          </p>`
        : null
    }
    <form method="post" action="/ledyer/checkout?${query}" data-checkout>
      <input type="hidden" name="order" value="${orderRef}" />
      <button class="buy">To checkout</button>
    </form>
  </section>`;
}

/** On the confirmation page too. */
export function linesOf(): Html {
  return html`<table class="lines">
    <thead>
      <tr>
        <th scope="col">Item</th>
        <th scope="col">Price</th>
      </tr>
    </thead>
    <tbody>
      ${DESK_LINES.map(
        ({ title, quantity, amountMinor }) =>
          html`<tr>
            <td>${quantity === 1 ? '' : `${quantity} × `}${title}</td>
            <td>${priceOf({ ...PLANNERS, amountMinor })}</td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">Total, VAT included</th>
        <td data-testid="price">${priceOf(PLANNERS)}</td>
      </tr>
    </tfoot>
  </table>`;
}
