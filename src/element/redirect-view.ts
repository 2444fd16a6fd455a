/** Draws a checkout that leaves the page: a button, or what stands in its place. Every state has a slot of its name. */
import { html, nothing, type TemplateResult } from 'lit';
import { offersPress, type RedirectSnapshot, type RedirectState } from '../core/redirect-machine.js';
import { icon, type IconName } from './icons.js';
import type { Messages, Text } from './messages.js';

/** A state that is more than its button. */
type Spoken = Exclude<RedirectState, 'idle' | 'starting' | 'error'>;

const LOOKS: Readonly<Record<Spoken, readonly [IconName, 'notice' | 'success' | 'danger']>> = {
  away: ['away', 'notice'],
  settling: ['check', 'success'],
  settled: ['check', 'success'],
  unsettled: ['clock', 'notice'],
  failed: ['alert', 'danger'],
};

export function drawRedirect(
  snapshot: RedirectSnapshot,
  messages: Messages,
  onPress: () => void,
): TemplateResult {
  const { state } = snapshot;
  switch (state) {
    case 'idle':
    case 'starting':
    case 'error':
      return html`${state === 'error' ? errorNote(messages.payFailed) : nothing}${payButton(state, messages, onPress)}`;
    default:
      return panel(snapshot, state, messages, onPress);
  }
}

/** For the live region: what is not read with the button. */
export function redirectWords({ state, mayRetry }: RedirectSnapshot, messages: Messages): string {
  if (state === 'idle') return '';
  if (state === 'starting') return messages.payOpening;
  return (state === 'error' ? messages.payFailed : textOf(state, mayRetry, messages)).join('. ');
}

/** One button for all its states, so that the focus stays where it pressed. */
function payButton(
  state: 'idle' | 'starting' | 'error',
  messages: Messages,
  onPress: () => void,
): TemplateResult {
  const opening = state === 'starting';
  return html`<button
    type="button"
    part="button"
    aria-disabled=${opening}
    @click=${opening ? undefined : onPress}
  >
    ${
      opening ? html`<slot name="starting">${messages.payOpening}</slot>` : html`<slot>${messages.pay}</slot>`
    }
  </button>`;
}

function errorNote([title, text]: Text): TemplateResult {
  return html`<div class="note danger" part="note note-error">
    <slot name="error">
      ${icon('alert')}
      <p part="message" dir="auto"><strong part="heading">${title}.</strong> <span>${text}</span></p>
    </slot>
  </div>`;
}

function panel(
  snapshot: RedirectSnapshot,
  state: Spoken,
  messages: Messages,
  onPress: () => void,
): TemplateResult {
  const [look, tone] = LOOKS[state];
  const [title, text] = textOf(state, snapshot.mayRetry, messages);
  const label = state === 'failed' ? messages.retry : messages.pay;
  return html`<div class="box" part="panel panel-${state}">
    <slot name=${state}>
      <div class="panel ${tone}">
        ${icon(look)}
        <h2 part="heading" tabindex="-1" dir="auto">${title}</h2>
        <p part="message" dir="auto">${text}</p>
        ${
          state === 'settling'
            ? html`<div class="progress" part="progress" role="progressbar" aria-label=${title}></div>`
            : nothing
        }
        ${
          offersPress(snapshot)
            ? html`<div class="actions" part="actions">
                <button type="button" part="button" @click=${onPress}>${label}</button>
              </div>`
            : nothing
        }
      </div>
    </slot>
  </div>`;
}

function textOf(state: Spoken, mayRetry: boolean, messages: Messages): Text {
  switch (state) {
    case 'away':
      return messages.payAway;
    case 'settling':
      return messages.confirming;
    case 'failed':
      return mayRetry ? messages.failedRetry : messages.failed;
    case 'settled':
    case 'unsettled':
      return messages[state];
  }
}
