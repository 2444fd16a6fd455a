/** What the visitor has bought, on every tab alike. */
import type { Buyer } from '../buyers.js';
import { html, type Html } from '../html.js';
import { productOf } from '../products.js';
import type { Entitlement } from '../store.js';

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });

export interface AccessView {
  readonly access: readonly Entitlement[];
  readonly buyer: Buyer | null;
}

export function accessSection({ access, buyer }: AccessView): Html {
  return html`<section class="access" aria-labelledby="access-heading">
    <h2 id="access-heading">My purchases</h2>
    <div class="access-body" data-testid="access" aria-live="polite">${renderAccess(access, buyer)}</div>
  </section>`;
}

/** Also sent alone, when the backend has granted something while the page was open. */
export function renderAccess(granted: readonly Entitlement[], buyer: Buyer | null): Html {
  if (granted.length === 0) {
    return html`<p class="access-none">
      Nothing yet. ${buyer === null ? 'Log in to see what was bought on your account.' : null}
    </p>`;
  }
  return html`<ul class="access-list">
    ${granted.map(
      ({ orderRef, grantedAt, plan }) =>
        html`<li>
          <strong>${titleOf(plan)}</strong><span>Order <span class="ref">${orderRef}</span></span
          ><time datetime="${grantedAt}">since ${DAY.format(new Date(grantedAt))}</time>
        </li>`,
    )}
  </ul>`;
}

/** What the vendor sold without an order of the shop is a plan too. */
function titleOf(plan: string | null): string {
  return (plan === null ? null : productOf(plan))?.title ?? 'Plumbline Pro';
}
