/** Where the second person at the buying company approves or declines. The real way there is unknown. */
import { endView } from '../../ledgerbee/portal/document.js';
import { type Html, html } from '../../ledgerbee/portal/html.js';
import { redirect, type Reply } from '../../ledgerbee/http.js';
import { type Route, route } from '../../ledgerbee/router.js';
import { sumOf } from '../lines.js';
import type { LedyerSession } from '../session.js';
import type { Vendor } from '../vendor.js';
import { ledyerPage } from './document.js';

const FOOTER = 'Ledyer sandbox: nothing is signed';

export function signatoryRoutes(vendor: Vendor): readonly Route[] {
  return [
    route('GET', '/sign/:id', (_, { id = '' }) => signatoryPage(vendor, id)),
    route('POST', '/sign/:id/:answer', (_, { id = '', answer = '' }) => {
      const isWaiting = vendor.purchases.find(id)?.session.state === 'awaitingSignatory';
      if (isWaiting && answer === 'approve') vendor.trade.sign(id);
      if (isWaiting && answer === 'decline') vendor.trade.decline(id);
      return redirect(`/sign/${encodeURIComponent(id)}`);
    }),
  ];
}

function signatoryPage(vendor: Vendor, id: string): Reply {
  const session = vendor.purchases.find(id)?.session;
  const shell = { lang: 'en', footer: FOOTER, isNarrow: true };
  switch (session?.state) {
    case 'awaitingSignatory':
      return ledyerPage({ ...shell, title: 'Approve a purchase', body: question(session) });
    case 'authorized':
      return ledyerPage({
        ...shell,
        title: 'Approved',
        body: end('signed', 'check', 'Approved', 'The order is placed.'),
      });
    case 'expired':
      return ledyerPage({
        ...shell,
        title: 'Declined',
        body: end('declined', 'close', 'Declined', 'Nothing was ordered.'),
      });
    case 'initial':
    case undefined:
      return ledyerPage({
        ...shell,
        title: 'Nothing to approve',
        body: end('nothing', 'lost', 'Nothing to approve', 'No purchase waits under this address.'),
        status: 404,
      });
  }
}

function question(session: LedyerSession): Html {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: session.currency });
  const button = (answer: string, label: string, kind: string): Html =>
    html`<form method="post" action="/sign/${session.id}/${answer}">
      <button class="button wide ${kind}" data-testid="${answer}">${label}</button>
    </form>`;
  return html`<h1>Approve a purchase</h1>
    <p class="lead">Someone at your company wants to buy, and asks you to sign for it.</p>
    <div class="payment">
      <ul class="lines">
        ${session.lines.map(
          (line) =>
            html`<li>
              <span>${line.description}</span><span>${format.format(line.totalAmount / 100)}</span>
            </li>`,
        )}
      </ul>
      <p class="price"><span>Total</span> <b>${format.format(sumOf(session.lines).total / 100)}</b></p>
      <div class="stack">${button('approve', 'Approve', '')} ${button('decline', 'Decline', 'second')}</div>
    </div>`;
}

function end(name: string, mark: 'check' | 'close' | 'lost', title: string, text: string): Html {
  const tone = mark === 'check' ? ({ tone: 'good' } as const) : {};
  return html`<section data-testid="${name}">${endView({ mark, title, text, ...tone })}</section>`;
}
