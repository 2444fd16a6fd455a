/** The merchant's product page. The checkout in it is markup that any shop could print. */
import { BUYERS, type Buyer } from './buyers.js';
import type { Catalogue } from './catalogue.js';
import { html, type Html } from './html.js';
import { checkoutTag } from './checkout-tag.js';
import type { PageSettings } from '../pages/settings.js';
import type { Entitlement, ShopOrder } from './store.js';

export interface PageView {
  readonly shopOrigin: string;
  readonly catalogue: Catalogue;
  readonly settings: PageSettings;
  readonly buyer: Buyer | null;
  readonly order: ShopOrder;
  readonly access: readonly Entitlement[];
  /** The whole embed URL of a gated plan; `null` for a public one. */
  readonly gatedUrl: string | null;
}

export function renderPage(view: PageView): string {
  return html`<!doctype html>
    <html lang="${view.settings.lang}" dir="${view.settings.dir}" data-scheme="${view.settings.scheme}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Plumbline Pro: the week of a small studio on one page</title>
        <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/shop.css" />
        <link rel="stylesheet" href="/assets/console.css" />
        <link rel="stylesheet" href="/assets/console-board.css" />
        ${scripts(view)}
        <script type="module" src="/scripts/console.js"></script>
      </head>
      <body>
        <a class="skip-link" href="#plans">Skip to the plans</a>
        <a class="skip-link" href="#qa-console">Skip to the QA console</a>
        <div class="layout">
          <div class="shop">
            ${header(view)}
            <main>
              ${hero()}
              <section class="plans" id="plans" tabindex="-1" aria-labelledby="plans-heading">
                <div class="plans-intro">
                  <h2 id="plans-heading">Choose your plan</h2>
                  <p>Cancel at the end of any month. Order <span class="ref">${view.order.ref}</span></p>
                </div>
                <div class="${view.settings.place === 'far' ? 'far' : 'near'}">
                  ${checkoutTag({ ...view, orderRef: view.order.ref })}
                </div>
              </section>
              ${access(view)}
            </main>
            <footer class="foot">
              <p>Plumbline is a made-up shop. Nothing here is charged, and nothing leaves this machine.</p>
            </footer>
          </div>
          <aside
            class="console"
            id="qa-console"
            lang="en"
            dir="ltr"
            aria-labelledby="qa-heading"
            tabindex="-1"
          ></aside>
        </div>
      </body>
    </html>`.text;
}

/** The vendor's snippet brings embed.js along; a merchant who forgot the early queue may come after its first word. */
function scripts({ settings, catalogue }: PageView): Html {
  return settings.markup === 'late'
    ? html`<script src="${catalogue.portalOrigin}/embed.js"></script>
        <script type="module" src="/scripts/late-shop.js"></script>`
    : html`<script type="module" src="/scripts/shop.js"></script>`;
}

function header({ buyer }: PageView): Html {
  return html`<header class="top">
    <a class="brand" href="/"><img src="/assets/mark.svg" alt="" width="28" height="28" />Plumbline</a>
    ${buyer === null ? loginForm() : logoutForm(buyer)}
  </header>`;
}

function loginForm(): Html {
  return html`<form class="account" method="post" action="/login">
    <span class="account-label" id="login-label">Log in as</span>
    ${BUYERS.map(
      (buyer) =>
        html`<button name="buyer" value="${buyer.id}" aria-describedby="login-label">${buyer.name}</button>`,
    )}
  </form>`;
}

function logoutForm(buyer: Buyer): Html {
  return html`<form class="account" method="post" action="/logout">
    <span class="account-name" data-testid="buyer">${buyer.name}</span>
    <button>Log out</button>
  </form>`;
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

function access({ access: granted, buyer }: PageView): Html {
  return html`<section class="access" aria-labelledby="access-heading">
    <h2 id="access-heading">My access</h2>
    <div class="access-body" data-testid="access" aria-live="polite">${renderAccess(granted, buyer)}</div>
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
      ({ orderRef, grantedAt }) =>
        html`<li>
          <strong>Plumbline Pro</strong><span>Order <span class="ref">${orderRef}</span></span
          ><time datetime="${grantedAt}">since ${grantedAt.slice(0, 10)}</time>
        </li>`,
    )}
  </ul>`;
}
