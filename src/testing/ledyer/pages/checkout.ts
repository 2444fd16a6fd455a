/** The hosted checkout: what the buyer sees between the shop and its confirmation page. Works without a script. */
import { endView } from '../../ledgerbee/portal/document.js';
import { type Html, html } from '../../ledgerbee/portal/html.js';
import { redirect, type Reply, type SandboxRequest } from '../../ledgerbee/http.js';
import { type Route, route } from '../../ledgerbee/router.js';
import { sumOf } from '../lines.js';
import { type LedyerPaymentMethod, PAYMENT_METHODS } from '../order.js';
import type { Purchase } from '../purchases.js';
import type { LedyerSession } from '../session.js';
import type { Vendor } from '../vendor.js';
import { ledyerPage } from './document.js';
import { type Words, wordsFor } from './words.js';

export function checkoutRoutes(vendor: Vendor): readonly Route[] {
  return [
    route('GET', '/', (request) => {
      const purchase = vendor.purchases.find(request.url.searchParams.get('sessionId') ?? '');
      const isOrdering =
        purchase !== null &&
        isOpen(purchase.session, vendor.time.now()) &&
        vendor.scenarios.take('buyer-orders');
      return isOrdering
        ? place(vendor, purchase.session, 'invoice')
        : checkoutPage(purchase, vendor.time.now());
    }),
    route('POST', '/pay', (request) => pay(vendor, request)),
  ];
}

/** A second press finds the session authorized and shows what became of it. */
function pay(vendor: Vendor, request: SandboxRequest): Reply {
  const form = new URLSearchParams(request.body);
  const purchase = vendor.purchases.find(form.get('sessionId') ?? '');
  const method = PAYMENT_METHODS.find((known) => known === form.get('method'));
  if (purchase === null || method === undefined) return checkoutPage(null, vendor.time.now());
  return place(vendor, purchase.session, method);
}

function place(vendor: Vendor, session: LedyerSession, method: LedyerPaymentMethod): Reply {
  if (isOpen(session, vendor.time.now())) vendor.trade.authorize(session.id, method);
  const after = vendor.purchases.require(session.id);
  const isBought = after.session.state === 'authorized' || after.session.state === 'awaitingSignatory';
  vendor.activity.add('page', isBought ? 'the buyer placed the order' : 'a session that is over was paid', {
    sessionId: session.id,
  });
  return redirect(isBought ? confirmationUrl(after) : `/?sessionId=${encodeURIComponent(session.id)}`);
}

function checkoutPage(purchase: Purchase | null, nowMs: number): Reply {
  const { lang, words } = wordsFor(purchase?.session.locale ?? 'en-US');
  const shell = { lang, footer: words.footer };
  const session = purchase?.session;
  if (session !== undefined && isOpen(session, nowMs)) {
    return ledyerPage({ ...shell, title: words.checkout, body: form(session, words, lang) });
  }
  const end = endOf(purchase, words);
  const body = html`<section data-testid="${end.name}">
    ${endView({ mark: end.mark, title: end.title, text: end.text, ...(end.more === null ? {} : { more: end.more }), ...(end.mark === 'check' ? { tone: 'good' } : {}) })}
  </section>`;
  return ledyerPage({
    ...shell,
    title: end.title,
    body,
    isNarrow: true,
    status: purchase === null ? 404 : 200,
  });
}

function endOf(
  purchase: Purchase | null,
  words: Words,
): {
  readonly name: 'done' | 'waiting' | 'over';
  readonly mark: 'check' | 'mail' | 'close';
  readonly title: string;
  readonly text: string;
  readonly more: Html | null;
} {
  switch (purchase?.session.state) {
    case 'authorized':
      return {
        name: 'done',
        mark: 'check',
        title: words.doneTitle,
        text: words.doneText,
        more: referenceOf(purchase, words),
      };
    case 'awaitingSignatory':
      return {
        name: 'waiting',
        mark: 'mail',
        title: words.waitingTitle,
        text: words.waitingText,
        more: null,
      };
    case undefined:
    case 'initial':
    case 'expired':
      return { name: 'over', mark: 'close', title: words.overTitle, text: words.overText, more: null };
  }
}

function referenceOf({ session, order }: Purchase, words: Words): Html | null {
  const reference = order?.merchantReference ?? session.reference ?? order?.orderReference;
  return reference === undefined ? null : html`<p class="who">${words.reference} ${reference}</p>`;
}

function form(session: LedyerSession, words: Words, lang: string): Html {
  const price = priceIn(session, lang);
  const { total, vat } = sumOf(session.lines);
  const buyer = [session.customer['companyName'], session.customer['companyId'], session.customer['email']];
  const known = buyer.filter((value): value is string => typeof value === 'string' && value !== '');
  return html`<h1>${words.checkout}</h1>
    <div class="checkout">
      <aside class="panel" aria-label="${words.summary}">
        <h2>${words.summary}</h2>
        <ul class="lines">
          ${session.lines.map(
            (line) =>
              html`<li>
                <span>${line.description}${line.quantity === 1 ? '' : ` × ${line.quantity}`}</span>
                <span>${price(line.totalAmount)}</span>
              </li>`,
          )}
        </ul>
        <dl>
          <dt class="quiet">${words.vat}</dt>
          <dd>${price(vat)}</dd>
          <dt class="sum">${words.total}</dt>
          <dd class="sum" data-testid="total">${price(total)}</dd>
        </dl>
      </aside>
      <form method="post" action="/pay" data-testid="ledyer-checkout">
        <input type="hidden" name="sessionId" value="${session.id}" />
        ${
          known.length === 0
            ? null
            : html`<div class="identity">
                <span class="quiet small">${words.buyer}</span>
                <b>${known[0]}</b>
                <span class="quiet small">${known.slice(1).join(' · ')}</span>
              </div>`
        }
        <fieldset>
          <legend>${words.method}</legend>
          ${(['invoice', 'advanceInvoice', 'card'] as const).map((method) => choice(method, words))}
        </fieldset>
        <p class="quiet small">
          ${words.terms}
          <a href="${session.urls.terms}" target="_blank" rel="noopener">${session.urls.terms}</a>
        </p>
        <button class="button wide" data-testid="place-order">${words.pay} · ${price(total)}</button>
      </form>
    </div>`;
}

function choice(method: LedyerPaymentMethod & keyof Words['methods'], words: Words): Html {
  const [name, hint] = words.methods[method];
  return html`<label class="choice">
    <input
      type="radio"
      name="method"
      value="${method}"
      data-testid="method-${method}"
      ${method === 'invoice' ? html`checked` : null}
    />
    <span>${name}</span>
    <small>${hint}</small>
  </label>`;
}

function isOpen(session: LedyerSession, nowMs: number): boolean {
  return session.state === 'initial' && Date.parse(session.expiresAt) > nowMs;
}

function priceIn({ currency }: LedyerSession, lang: string): (minor: number) => string {
  const format = new Intl.NumberFormat(lang, { style: 'currency', currency });
  return (minor) => format.format(minor / 100);
}

/** The merchant's page with its placeholders filled, or our own receipt where it named none. */
function confirmationUrl({ session, orderId }: Purchase): string {
  const own = `/?sessionId=${encodeURIComponent(session.id)}`;
  return (session.urls.confirmation ?? own)
    .replaceAll('{session.id}', session.id)
    .replaceAll('{order.id}', orderId ?? '');
}
