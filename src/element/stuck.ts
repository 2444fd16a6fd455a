/**
 * What stands in the frame's place where the second file, with all words and panels, cannot be had, and the order
 * may have been paid before: no frame is offered then. Its few words are the only ones in the first file.
 */
import { html, type TemplateResult } from 'lit';
import type { Messages } from './messages.js';

type StuckWords = readonly [title: string, retry: string];

/** @param own The page's words. */
export function stuckWords(language: string, { unavailable, retry }: Partial<Messages>): StuckWords {
  const [title, again] = language.startsWith('da')
    ? (['Betaling ikke tilgængelig', 'Prøv igen'] as const)
    : (['Checkout unavailable', 'Try again'] as const);
  return [unavailable?.[0] ?? title, retry ?? again];
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
