/** Pages a buyer meets outside the frame: the inbox, the landing of a magic link, OnPay's stand-in, contact. */
import type { Mail } from '../magic-links.js';
import type { Payment } from '../payments.js';
import type { VerifyOutcome } from '../verify-click.js';
import { endView, renderDocument } from './document.js';
import { html, type Html } from './html.js';
import { formatPrice } from './messages.js';

/** The sandbox's own mailbox; no mail leaves the machine. */
export function inboxPage(mails: readonly Mail[]): string {
  const body = html`<h1>Inbox</h1>
    <p class="lead">Mail that the sandbox would have sent. Nothing leaves this machine.</p>
    <ul class="mails" aria-live="polite">
      ${[...mails].reverse().map(mailItem)}
    </ul>
    ${
      mails.length === 0
        ? html`<p class="panel quiet" style="margin-top:20px" data-testid="no-mail">
            No mail yet. Check out without signing in, and a confirmation link lands here.
          </p>`
        : null
    }`;
  return renderDocument({
    title: `Inbox (${mails.filter(({ usedAt }) => usedAt === null).length})`,
    lang: 'en',
    body,
    script: '/_sandbox/inbox.js',
    isNarrow: true,
  });
}

function mailItem(mail: Mail): Html {
  return html`<li class="mail" data-testid="mail">
    <header>
      <h2>${mail.subject}</h2>
      <time class="quiet small" datetime="${mail.sentAt}">${mail.sentAt.slice(11, 16)} UTC</time>
    </header>
    <p class="quiet small">To <span data-testid="mail-to">${mail.to}</span></p>
    ${
      mail.usedAt === null
        ? html`<p>
            <a class="button" data-testid="magic-link" href="${mail.url}" target="_blank" rel="noopener"
              >Confirm subscription</a
            >
          </p>`
        : html`<p><span class="tag" data-testid="mail-used">Link used</span></p>`
    }
  </li>`;
}

/** Follows the sandbox's feed, so that a mail shows without a reload by hand. */
export const INBOX_SCRIPT = `'use strict';
const feed = new EventSource('/_sandbox/activity?after=now');
feed.addEventListener('message', ({ data }) => {
  if (JSON.parse(data).kind === 'mail') location.reload();
});
addEventListener('pagehide', () => feed.close());
`;

export function verifiedPage(outcome: Exclude<VerifyOutcome, { kind: 'pay' }>): string {
  const words = verifiedWords(outcome);
  const body = html`<section data-testid="${outcome.kind === 'subscribed' ? 'verified' : 'link-refused'}">
    ${endView({ ...words })}
  </section>`;
  return renderDocument({ title: words.title, lang: 'en', body, isNarrow: true });
}

function verifiedWords(outcome: Exclude<VerifyOutcome, { kind: 'pay' }>): {
  readonly mark: 'check' | 'mail';
  readonly tone?: 'good';
  readonly title: string;
  readonly text: string;
} {
  switch (outcome.kind) {
    case 'subscribed':
      return {
        mark: 'check',
        tone: 'good',
        title: 'Your subscription has begun',
        text: `${outcome.plan.name.en} is active for ${outcome.email}. You can close this page.`,
      };
    case 'used':
      return {
        mark: 'mail',
        title: 'This link was already used',
        text: 'Your subscription has begun already.',
      };
    case 'expired':
      return {
        mark: 'mail',
        title: 'This link has expired',
        text: 'Start the checkout again to get a fresh one. Nothing was bought.',
      };
    case 'unknown':
      return {
        mark: 'mail',
        title: 'This link is not valid',
        text: 'Open the link from the mail once more.',
      };
  }
}

/** The provider's hosted window, in name only: no card is read here. */
export function onPayPage(payment: Payment): string {
  const amount = formatPrice(payment.amountMinor, payment.currency, 'en');
  if (payment.state === 'paid' || payment.state === 'closed') return onPayEnd(payment.state);
  const action = (name: string, label: string, kind: string): Html =>
    html`<form method="post" action="/onpay/${payment.id}/${name}">
      <button class="button wide ${kind}" data-testid="${name}">${label}</button>
    </form>`;
  const body = html`<p class="tag">OnPay stand-in</p>
    <h1 style="margin-top:10px">Card payment</h1>
    <div class="payment">
      <div class="price">
        <span>${payment.description}</span>
        <b>${amount}</b>
      </div>
      <div class="cardface" aria-hidden="true"><span>•••• •••• •••• 0000</span><span>Test card</span></div>
      ${
        payment.state === 'declined'
          ? html`<p class="alert" role="alert" data-testid="declined">
              The card was declined. Try again with another card.
            </p>`
          : null
      }
      <div class="stack">
        ${action('pay', `Pay ${amount}`, '')} ${action('decline', 'Decline the card', 'second')}
        ${action('close', 'Close the window', 'second')}
      </div>
      <p class="quiet small">No card is asked for and no money moves.</p>
    </div>`;
  return renderDocument({ title: 'Card payment', lang: 'en', body, isNarrow: true });
}

function onPayEnd(state: 'paid' | 'closed'): string {
  const words =
    state === 'paid'
      ? ({ mark: 'check', tone: 'good', title: 'Payment received', text: 'You can close this tab.' } as const)
      : ({ mark: 'close', title: 'Payment window closed', text: 'Nothing was paid.' } as const);
  const body = html`<section data-testid="payment-${state}">${endView({ ...words })}</section>`;
  return renderDocument({ title: words.title, lang: 'en', body, isNarrow: true });
}

/** Where the seeded "Talk to sales" link leads. */
export function contactPage(): string {
  const body = endView({
    mark: 'mail',
    title: 'Talk to sales',
    text: 'This is where the operator’s own page would be.',
  });
  return renderDocument({ title: 'Talk to sales', lang: 'en', body, isNarrow: true });
}
