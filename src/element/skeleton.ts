/** What stands in the frame's place until it speaks: plan cards, or the one form of a forced checkout. */
import { html, type TemplateResult } from 'lit';
import type { Surface } from '../core/attempt-states.js';

export function skeleton(surface: Surface): TemplateResult {
  const card = html`<div class="card" part="bone"><i></i><i></i><i></i><i></i><i></i><i></i></div>`;
  return html`<div class="cover" part="skeleton">
    <slot name="loading">
      <div class="bones ${surface}" aria-hidden="true">
        ${surface === 'forced' ? card : [card, card, card]}
      </div>
    </slot>
  </div>`;
}
