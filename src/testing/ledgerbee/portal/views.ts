/** The views of an embed page, of which the frame's script shows one at a time. */
import { cardOrder, type Language, type Plan, type PlanItem } from '../catalogue.js';
import { endView } from './document.js';
import { type Html, html } from './html.js';
import { itemPrice, MESSAGES, type Messages } from './messages.js';

export interface CardsOptions {
  readonly lang: Language;
  /** Custom cards hand their click to the host page. */
  readonly ctaCallback: boolean;
  readonly target: string;
}

export function cardsView(plan: Plan, options: CardsOptions): Html {
  const items = cardOrder(plan.items);
  const cards = items.map((item, index) => card(item, options, items.length > 2 && index === 1));
  return html`<section data-view="cards" hidden aria-labelledby="plan-name">
    <h1 id="plan-name" tabindex="-1">${plan.name[options.lang]}</h1>
    <p class="lead">${plan.description[options.lang]}</p>
    <p class="alert top" role="alert" data-testid="cards-error" data-cards-error hidden></p>
    <p class="notice" data-popup hidden>
      ${MESSAGES[options.lang].popupText}
      <a data-popup-link target="_blank" href="#">${MESSAGES[options.lang].popupLink}</a>
    </p>
    <ul class="cards">
      ${cards}
    </ul>
  </section>`;
}

function card(item: PlanItem, options: CardsOptions, isFeatured: boolean): Html {
  const { lang } = options;
  const messages = MESSAGES[lang];
  const { amount, per } = itemPrice(item, lang);
  const features = item.features.map((feature) => html`<li>${feature[lang]}</li>`);
  return html`<li class="card ${isFeatured ? 'featured' : ''}" data-testid="card" data-item="${item.id}">
    ${isFeatured ? html`<span class="badge">${messages.recommended}</span>` : null}
    <h2 id="name-${item.id}">${item.name[lang]}</h2>
    <p class="price">
      ${item.priceMinor === null ? html`<span class="quiet">${amount}</span>` : html`<b>${amount}</b>`}
      <span class="quiet small">${per}</span>
    </p>
    <ul class="features">
      ${features}
    </ul>
    ${item.itemType === 'CUSTOM_CTA' ? customButton(item, options) : buyButton(item, lang)}
  </li>`;
}

function buyButton(item: PlanItem, lang: Language): Html {
  return html`<button
    class="button wide"
    type="button"
    data-testid="buy"
    data-buy="${item.id}"
    aria-describedby="name-${item.id}"
  >
    ${item.buttonLabel[lang]}
  </button>`;
}

/** With `ctaCallback=1` a button that only tells; else a link that goes where the operator said. */
function customButton(item: PlanItem, { lang, ctaCallback, target }: CardsOptions): Html {
  const label = item.buttonLabel[lang];
  if (ctaCallback || item.ctaLink === null) {
    return html`<button
      class="button second wide"
      type="button"
      data-testid="custom-cta"
      data-cta="${item.id}"
      data-cta-link="${item.ctaLink ?? ''}"
    >
      ${label}
    </button>`;
  }
  // Mail and telephone go to the operating system, whatever `target` says.
  const isExternal = /^(mailto|tel):/i.test(item.ctaLink);
  const where = isExternal ? '_self' : target === '_top' ? '_top' : '_blank';
  return html`<a
    class="button second wide"
    data-testid="custom-cta"
    href="${item.ctaLink}"
    target="${where}"
    rel="noopener"
    >${label}</a
  >`;
}

export interface CheckoutOptions {
  readonly lang: Language;
  readonly termsVersion: string;
  /** ISO date; the earliest start. */
  readonly today: string;
  readonly leave: 'back' | 'cancel';
}

/** A template, which the frame's script opens: two open forms would be one too many for the buyer's assistive tools. */
export function checkoutTemplate(item: PlanItem, options: CheckoutOptions): Html {
  return html`<template data-checkout="${item.id}">${checkoutView(item, options)}</template>`;
}

function checkoutView(item: PlanItem, options: CheckoutOptions): Html {
  const messages = MESSAGES[options.lang];
  return html`<section
    data-view="checkout"
    data-item="${item.id}"
    hidden
    aria-labelledby="checkout-${item.id}"
  >
    ${
      options.leave === 'back'
        ? html`<button class="text-button" type="button" data-testid="back" data-leave>
            <span aria-hidden="true">←</span> ${messages.back}
          </button>`
        : null
    }
    <h1 id="checkout-${item.id}" tabindex="-1">${messages.checkoutTitle}</h1>
    <div class="checkout">${summary(item, options.lang, messages)} ${form(item, options, messages)}</div>
  </section>`;
}

function summary(item: PlanItem, lang: Language, messages: Messages): Html {
  const { amount, per } = itemPrice(item, lang);
  return html`<aside class="panel" aria-label="${messages.summary}">
    <p class="quiet small">${messages.summary}</p>
    <h2>${item.name[lang]}</h2>
    <p class="price"><b>${amount}</b> <span class="quiet small">${per}</span></p>
    <dl>
      <dt data-due data-today="${messages.dueToday}" data-later="${messages.dueOnStart}">
        ${messages.dueToday}
      </dt>
      <dd>${amount}</dd>
    </dl>
    <p class="quiet small" style="margin-top:10px">${messages.vatNote}</p>
  </aside>`;
}

function form(item: PlanItem, options: CheckoutOptions, messages: Messages): Html {
  const id = item.id;
  return html`<form novalidate data-testid="checkout-form" aria-labelledby="checkout-${id}">
    <p class="identity small" data-looking role="status">
      <span class="quiet">${messages.lookingUp}</span>
    </p>
    <div class="identity" data-customer hidden data-testid="customer">
      <span class="quiet small">${messages.buyingFor}</span>
      <b data-customer-name></b>
      <span class="quiet small" data-customer-email></span>
    </div>
    <div class="field" data-anonymous hidden>
      <label for="email-${id}">${messages.email}</label>
      <input
        id="email-${id}"
        name="email"
        type="email"
        autocomplete="email"
        inputmode="email"
        required
        data-testid="email"
        aria-describedby="email-hint-${id}"
      />
      <span class="quiet small" id="email-hint-${id}">${messages.emailHint}</span>
    </div>
    <div class="field">
      <label for="start-${id}">${messages.startDate}</label>
      <input
        id="start-${id}"
        name="startDate"
        type="date"
        value="${options.today}"
        min="${options.today}"
        required
        data-testid="start-date"
      />
    </div>
    <div class="stack">
      <div class="check">
        <input id="terms-${id}" name="terms" type="checkbox" required data-testid="terms" />
        <label for="terms-${id}">
          ${messages.terms} (<span data-terms-version>${options.termsVersion}</span>)
        </label>
      </div>
      <details>
        <summary>${messages.readTerms}</summary>
        <p>${messages.termsText}</p>
      </details>
    </div>
    <div class="alert" role="alert" data-testid="checkout-error" data-error hidden>
      <span data-error-text></span>
      <button class="text-button" type="button" data-restart data-testid="start-over" hidden>
        ${messages.startOver}
      </button>
    </div>
    <div class="actions">
      <button
        class="button"
        type="submit"
        data-testid="confirm"
        data-confirm="${messages.confirm}"
        data-pay="${messages.toPayment}"
        data-working="${messages.working}"
        disabled
      >
        ${messages.confirm}
      </button>
      ${
        options.leave === 'cancel'
          ? html`<button class="button second" type="button" data-testid="cancel" data-leave>
              ${messages.cancel}
            </button>`
          : null
      }
    </div>
  </form>`;
}

/** What a checkout ends in. */
export function endViews(lang: Language): Html {
  const messages = MESSAGES[lang];
  const view = (name: string, content: Html): Html =>
    html`<section data-view="${name}" data-testid="${name}" hidden>${content}</section>`;
  return html`${view(
    'done',
    endView({ mark: 'check', tone: 'good', title: messages.doneTitle, text: messages.doneText }),
  )}
  ${view(
    'pending',
    endView({
      mark: 'mail',
      title: messages.pendingTitle,
      text: messages.pendingText,
      more: html`<p class="who" data-pending-email></p>`,
    }),
  )}
  ${view(
    'payment',
    endView({
      mark: 'card',
      title: messages.paymentTitle,
      text: messages.paymentText,
      more: html`<a class="button second" data-payment-link target="_blank" href="#"
        >${messages.paymentLink}</a
      >`,
    }),
  )}
  ${view('closed', endView({ mark: 'close', title: messages.closedTitle, text: messages.closedText }))}
  ${view('failed', endView({ mark: 'warning', tone: 'bad', title: messages.failedTitle, text: '' }))}`;
}
