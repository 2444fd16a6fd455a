/**
 * What stands in the frame's place where the second file, with all words and panels, cannot be had, and the order
 * may have been paid before: no frame is offered then. Its few words are the only ones in the first file.
 */
import { html, type TemplateResult } from 'lit';

type StuckWords = readonly [title: string, retry: string];

export function stuckWords(language: string): StuckWords {
  return language.startsWith('da')
    ? ['Betaling ikke tilgængelig', 'Prøv igen']
    : ['Checkout unavailable', 'Try again'];
}

export function stuckPanel([title, retry]: StuckWords, onRetry: () => void): TemplateResult {
  return html`<div class="cover" part="panel panel-blocked">
    <slot name="blocked">
      <div class="bones forced stuck">
        <b part="heading">${title}</b>
        <button part="button" @click=${onRetry}>${retry}</button>
      </div>
    </slot>
  </div>`;
}
