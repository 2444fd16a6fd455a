/** The shell of every portal page. */
import type { Language } from '../catalogue.js';
import { type Html, html, trusted } from './html.js';
import { ICONS } from './icons.js';
import { MESSAGES } from './messages.js';
import { PORTAL_STYLES } from './styles.js';

export interface DocumentParts {
  readonly title: string;
  readonly lang: Language;
  readonly body: Html;
  /** Path of a script, run after the document is parsed. */
  readonly script?: string;
  readonly isNarrow?: boolean;
}

export function renderDocument({ title, lang, body, script, isNarrow = false }: DocumentParts): string {
  const styles = trusted(`<style>${PORTAL_STYLES}</style>`);
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${styles}
      </head>
      <body>
        <main id="portal" class="${isNarrow ? 'narrow' : ''}">
          ${body}
          <p class="foot">${ICONS.lock} ${MESSAGES[lang].securedBy}</p>
        </main>
        ${script === undefined ? null : html`<script src="${script}" defer></script>`}
      </body>
    </html>`.markup;
}

/** A page or view that ends something: a mark, a heading, a few words, perhaps something to press. */
export function endView(parts: {
  readonly mark: keyof typeof ICONS;
  readonly tone?: 'good' | 'bad';
  readonly title: string;
  readonly text: string;
  readonly more?: Html;
}): Html {
  return html`<div class="end">
    <span class="mark ${parts.tone ?? ''}">${ICONS[parts.mark]}</span>
    <h1 tabindex="-1">${parts.title}</h1>
    <p data-text>${parts.text}</p>
    ${parts.more}
  </div>`;
}
