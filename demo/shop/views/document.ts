/** What every page of the shop has: head, tabs, login, the QA console beside it. */
import { BUYERS, type Buyer } from '../buyers.js';
import { html, tagOf, type Attributes, type Html } from '../html.js';
import type { PageSettings, Robot } from '../../pages/settings.js';
import { wordsOf, type Words } from '../words.js';
import { tabs } from './tabs.js';

/** What the pages have in common. */
export interface PageFrame {
  readonly settings: PageSettings;
  readonly buyer: Buyer | null;
  /** What the QA console watches. */
  readonly orderRef: string;
  /** The vendor's own pages that go with it, by the attribute that brings them to the console. */
  readonly links: Attributes;
  /** Who will press in the frame of this page. */
  readonly robot: Robot | null;
}

export interface PageParts extends PageFrame {
  readonly title: string;
  /** Where the keyboard gets past the tabs: an id on the page, and how it is called. */
  readonly skipTo: readonly [id: string, name: string];
  /** The merchant's script, where it is not the usual one. */
  readonly scripts?: Html;
  readonly main: readonly Html[];
}

export function renderDocument(parts: PageParts): string {
  const { settings, buyer, orderRef, links, robot, title, skipTo, scripts, main } = parts;
  const [skipId, skipName] = skipTo;
  const words = wordsOf(settings);
  return html`<!doctype html>
    <html lang="${settings.lang}" dir="${settings.dir}" data-scheme="${settings.scheme}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/shop.css" />
        <link rel="stylesheet" href="/assets/goods.css" />
        <link rel="stylesheet" href="/assets/console.css" />
        <link rel="stylesheet" href="/assets/console-board.css" />
        ${scripts ?? html`<script type="module" src="/scripts/shop.js"></script>`}
        <script type="module" src="/scripts/console.js"></script>
      </head>
      <body>
        <a class="skip-link" href="#${skipId}">${words.skipTo} ${skipName}</a>
        <a class="skip-link" href="#qa-console">${words.skipTo} ${words.qaConsole}</a>
        <div class="layout">
          <div class="shop">
            ${header(buyer, words)} ${tabs(settings)}
            <main>${main}</main>
            <footer class="foot">
              <p>${words.foot}</p>
            </footer>
          </div>
          ${tagOf('aside', {
            class: 'console',
            id: 'qa-console',
            'data-vendor': settings.vendor,
            'data-order': orderRef,
            'data-robot': robot,
            ...links,
            lang: 'en',
            dir: 'ltr',
            'aria-labelledby': 'qa-heading',
            tabindex: '-1',
          })}
        </div>
      </body>
    </html>`.text;
}

function header(buyer: Buyer | null, words: Words): Html {
  return html`<header class="top">
    <a class="brand" href="/"><img src="/assets/mark.svg" alt="" width="28" height="28" />Plumbline</a>
    ${buyer === null ? loginForm(words) : logoutForm(buyer, words)}
  </header>`;
}

function loginForm({ logInAs }: Words): Html {
  return html`<form class="account" method="post" action="/login">
    <span class="account-label" id="login-label">${logInAs}</span>
    ${BUYERS.map(
      (buyer) =>
        html`<button name="buyer" value="${buyer.id}" aria-describedby="login-label">${buyer.name}</button>`,
    )}
  </form>`;
}

function logoutForm(buyer: Buyer, { logOut }: Words): Html {
  return html`<form class="account" method="post" action="/logout">
    <span class="account-name" data-testid="buyer">${buyer.name}</span>
    <button>${logOut}</button>
  </form>`;
}
