/** The hosted checkout as a buyer sees it: sign in, approve, pay; or why there is nothing to pay. */
import { endView } from '../../ledgerbee/portal/document.js';
import { html, trusted, type Html } from '../../ledgerbee/portal/html.js';
import { ICONS } from '../../ledgerbee/portal/icons.js';
import type { CheckoutSession } from '../checkout-sessions.js';
import { bandOf, TOKEN, type Currency } from '../money.js';
import { CHECKOUT_STYLES } from './styles.js';

const STEPS = ['Sign in', 'Approve', 'Pay'] as const;
type Step = (typeof STEPS)[number];

/** One of three steps, each a form of its own: works without a script. */
export function stepPage(session: CheckoutSession, step: Step, problem: string | null = null): string {
  const amount = formatAmount(session.amountMinor, session.currency);
  const body = html`<div class="sheet" data-testid="checkout" data-step="${step}">
    <h1 class="due">
      <span class="quiet">Pay <strong>${session.merchant}</strong></span>
      <b data-testid="amount">${amount}</b>
    </h1>
    <ol class="steps">
      ${STEPS.map((name) => stepItem(name, step))}
    </ol>
    ${problem === null ? null : html`<p class="alert" role="alert" data-testid="problem">${problem}</p>`}
    ${formOf(session, step, amount)}
    <form method="post" action="/pay/${session.id}/cancel">
      <button class="button wide second" data-testid="cancel">Cancel and go back</button>
    </form>
  </div>`;
  return document(`${step} · ${amount}`, body);
}

export type EndReason = 'paid' | 'processing' | 'expired' | 'cancelled' | 'failed' | 'unknown';

/** A session that takes nothing any more. */
export function endPage(reason: EndReason, returnUrl: string | null): string {
  const { mark, tone, title, text } = END_WORDS[reason];
  const more =
    returnUrl === null ? {} : { more: html`<a class="button" href="${returnUrl}">Back to the shop</a>` };
  const view = endView({ mark, title, text, ...(tone === undefined ? {} : { tone }), ...more });
  return document(title, html`<section class="sheet" data-testid="checkout-${reason}">${view}</section>`);
}

const END_WORDS: Readonly<
  Record<
    EndReason,
    {
      readonly mark: keyof typeof ICONS;
      readonly tone?: 'good' | 'bad';
      readonly title: string;
      readonly text: string;
    }
  >
> = {
  paid: {
    mark: 'check',
    tone: 'good',
    title: 'Paid',
    text: 'This payment is complete. It cannot be made twice.',
  },
  processing: {
    mark: 'card',
    title: 'Your payment is on its way',
    text: 'The wallet is confirming it. You can go back.',
  },
  expired: {
    mark: 'close',
    title: 'This checkout has expired',
    text: 'Nothing was paid here. Start again in the shop.',
  },
  cancelled: { mark: 'close', title: 'This checkout was cancelled', text: 'Nothing was paid.' },
  failed: {
    mark: 'warning',
    tone: 'bad',
    title: 'This checkout failed',
    text: 'Nothing was paid. Start again in the shop.',
  },
  unknown: { mark: 'lost', title: 'No such checkout', text: 'The address is not one of a checkout here.' },
};

function stepItem(name: Step, current: Step): Html {
  if (name === current) return html`<li aria-current="step">${name}</li>`;
  return STEPS.indexOf(name) < STEPS.indexOf(current)
    ? html`<li class="done">${name}</li>`
    : html`<li>${name}</li>`;
}

function formOf(session: CheckoutSession, step: Step, amount: string): Html {
  const band = bandOf(session.amountMinor, session.currency);
  const token = TOKEN[session.currency];
  switch (step) {
    case 'Sign in':
      return html`<form method="post" action="/pay/${session.id}/sign-in">
        <div class="field">
          <label for="email">E-mail of your Siglume wallet</label>
          <input
            id="email"
            name="email"
            type="email"
            autocomplete="email"
            required
            value="aoi@buyer.example"
          />
        </div>
        <button class="button wide" data-testid="sign-in">Sign in</button>
      </form>`;
    case 'Approve':
      return html`${wallet(session, token)}
        <form method="post" action="/pay/${session.id}/approve">
          <button class="button wide" data-testid="approve">Allow the payment</button>
        </form>`;
    case 'Pay':
      return html`${wallet(session, token)}
        ${
          band === 'standard'
            ? null
            : html`<p class="notice small">
                Debited later, together with other small payments, after a notice to you.
              </p>`
        }
        <form method="post" action="/pay/${session.id}/pay">
          <button class="button wide" data-testid="pay">Pay ${amount}</button>
        </form>`;
  }
}

function wallet({ buyer }: CheckoutSession, token: string): Html {
  return html`<dl class="wallet">
    <dt>Wallet</dt>
    <dd data-testid="buyer">${buyer}</dd>
    <dt>Token</dt>
    <dd>${token} on Polygon</dd>
  </dl>`;
}

function document(title: string, body: Html): string {
  const styles = trusted(`<style>${CHECKOUT_STYLES}</style>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title} · Siglume sandbox</title>
        ${styles}
      </head>
      <body>
        <main class="pay">
          <p class="maker"><i aria-hidden="true"></i> Siglume <span class="tag">Sandbox</span></p>
          ${body}
          <p class="foot">${ICONS.lock} No wallet is asked for and no money moves.</p>
        </main>
      </body>
    </html>`.markup;
}

/** Yen have no minor unit; cents are hundredths of a dollar. */
export function formatAmount(amountMinor: number, currency: Currency): string {
  const value = currency === 'JPY' ? amountMinor : amountMinor / 100;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(value);
}
