/** What the visitor has bought, on every tab alike. */
import type { Buyer } from '../buyers.js';
import { html, type Html } from '../html.js';
import { productOf } from '../products.js';
import type { Entitlement } from '../store.js';
import { wordsOf, type Words } from '../words.js';
import type { PageSettings } from '../../pages/settings.js';

export interface AccessView {
  readonly access: readonly Entitlement[];
  readonly buyer: Buyer | null;
}

export function accessSection({ access, buyer, settings }: AccessView & { settings: PageSettings }): Html {
  const words = wordsOf(settings);
  return html`<section class="access" aria-labelledby="access-heading">
    <h2 id="access-heading">${words.access.heading}</h2>
    <div class="access-body" data-testid="access" aria-live="polite">
      ${renderAccess(access, buyer, words)}
    </div>
  </section>`;
}

/** Also sent alone, when the backend has granted something while the page was open. */
export function renderAccess(granted: readonly Entitlement[], buyer: Buyer | null, words: Words): Html {
  const { none, logIn, since } = words.access;
  if (granted.length === 0) {
    return html`<p class="access-none">${none} ${buyer === null ? logIn : null}</p>`;
  }
  const day = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long' });
  return html`<ul class="access-list">
    ${granted.map(
      ({ orderRef, grantedAt, plan }) =>
        html`<li>
          <strong>${titleOf(plan, words)}</strong
          ><span>${words.order}&nbsp;<span class="ref">${orderRef}</span></span
          ><time datetime="${grantedAt}">${since} ${day.format(new Date(grantedAt))}</time>
        </li>`,
    )}
  </ul>`;
}

/** What the vendor sold without an order of the shop is a plan too. */
function titleOf(plan: string | null, { goods }: Words): string {
  const product = plan === null ? null : productOf(plan);
  return product === null ? 'Plumbline Pro' : (goods[product.id] ?? product.title);
}
