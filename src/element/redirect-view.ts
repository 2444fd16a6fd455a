/** Draws a checkout that leaves the page: a button, or what stands in its place. Every state has a slot of its name. */
import { html, nothing, type TemplateResult } from 'lit';
import { offersPress, type RedirectSnapshot, type RedirectState } from '../core/redirect-machine.js';
import { icon, type IconName } from './icons.js';
import type { Messages, Text } from './messages.js';
import { panelWords } from './panel-words.js';
import { langOf } from './word-language.js';

/** A state that is more than its button. */
type Spoken = Exclude<RedirectState, 'idle' | 'starting' | 'error'>;

const LOOKS: Readonly<Record<Spoken, readonly [IconName, 'notice' | 'success' | 'danger']>> = {
  away: ['away', 'notice'],
  settling: ['check', 'success'],
  settled: ['check', 'success'],
  unsettled: ['clock', 'notice'],
  failed: ['alert', 'danger'],
};

export interface RedirectContext {
  readonly messages: Messages;
  /** Of the page, or of the part of it that the element stands in. */
  readonly language: string;
  readonly onPress: () => void;
}

export function drawRedirect(snapshot: RedirectSnapshot, context: RedirectContext): TemplateResult {
  const { state } = snapshot;
  switch (state) {
    case 'idle':
    case 'starting':
    case 'error':
      return html`${state === 'error' ? errorNote(context) : nothing}${payButton(state, context)}`;
    default:
      return panel(snapshot, state, context);
  }
}

/** For the live region: what is not read with the button. */
export function redirectWords(
  { state, mayRetry }: RedirectSnapshot,
  { messages, language }: RedirectContext,
): TemplateResult | typeof nothing {
  if (state === 'idle') return nothing;
  if (state === 'starting')
    return html`<span lang=${langOf(messages.payOpening, language)}>${messages.payOpening}</span>`;
  const text = state === 'error' ? messages.payFailed : textOf(state, mayRetry, messages);
  return html`<span lang=${langOf(text, language)}>${text.join('. ')}</span>`;
}

/** One button for all its states, so that the focus stays where it pressed. */
function payButton(
  state: 'idle' | 'starting' | 'error',
  { messages, language, onPress }: RedirectContext,
): TemplateResult {
  const opening = state === 'starting';
  const words = opening ? messages.payOpening : messages.pay;
  // Its words may be the page's own.
  const label = html`<bdi lang=${langOf(words, language)}>${words}</bdi>`;
  return html`<button
    type="button"
    part="button"
    aria-disabled=${opening}
    @click=${opening ? undefined : onPress}
  >
    ${opening ? html`<slot name="starting">${label}</slot>` : html`<slot>${label}</slot>`}
  </button>`;
}

function errorNote({ messages, language }: RedirectContext): TemplateResult {
  const text = messages.payFailed;
  return html`<div class="note danger" part="note note-error">
    <slot name="error">
      ${icon('alert')}
      <p part="message" lang=${langOf(text, language)}>
        <bdi><strong part="heading">${text[0]}.</strong> <span>${text[1]}</span></bdi>
      </p>
    </slot>
  </div>`;
}

function panel(snapshot: RedirectSnapshot, state: Spoken, context: RedirectContext): TemplateResult {
  const { messages, language, onPress } = context;
  const [look, tone] = LOOKS[state];
  const text = textOf(state, snapshot.mayRetry, messages);
  const lang = langOf(text, language);
  const label = state === 'failed' ? messages.retry : messages.pay;
  return html`<div class="box" part="panel panel-${state}">
    <slot name=${state}>
      <div class="panel ${tone}">
        ${icon(look)} ${panelWords(text, lang, state === 'settling')}
        ${
          offersPress(snapshot)
            ? html`<div class="actions" part="actions">
                <button
                  type="button"
                  part="button"
                  dir="auto"
                  lang=${langOf(label, language)}
                  @click=${onPress}
                >
                  ${label}
                </button>
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
