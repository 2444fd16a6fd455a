/** Draws a view. Every state has a slot of its name, whose content takes the place of ours. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Diagnosis } from '../core/diagnosis.js';
import { icon } from './icons.js';
import type { Messages } from './messages.js';
import type { View } from './view.js';

export interface PanelContext {
  readonly messages: Messages;
  /** The frame's address. */
  readonly url: URL | null;
  /** Shown to developers: on pages of their own machine alone. */
  readonly diagnosis: Diagnosis | null;
  readonly onRetry: () => void;
  readonly onStartOver: () => void;
}

/** The strip beside the frame. It is there from the start, so that a note moves nothing. */
export function strip(view: View, context: PanelContext): TemplateResult {
  const { url } = context;
  const { state, kind, text, tone } = view;
  if (kind === 'note' && text !== null) {
    return html`<div class="strip note ${tone}" part="strip note strip-${state} note-${state}">
      <slot name=${state}>
        ${icon(view.icon)}
        <p part="message" dir="auto"><strong part="heading">${text[0]}.</strong> <span>${text[1]}</span></p>
        ${actions(view, context)}
      </slot>
    </div>`;
  }
  const quiet = kind === 'frame' && url !== null;
  // A state that is a panel has its slot there: the first of a name takes all.
  const words = quiet
    ? html`<slot name=${state}>
        ${icon('lock')}
        <p>${url.host}</p>
      </slot>`
    : state === 'idle'
      ? html`<slot name="idle"></slot>`
      : nothing;
  return html`<div class="strip ${quiet ? 'quiet' : 'empty'}" part="strip strip-${state}">${words}</div>`;
}

/** What stands in the frame's place, where that is more than its skeleton. */
export function cover(view: View, context: PanelContext): TemplateResult | null {
  const { state, kind, text } = view;
  if (kind !== 'panel' || text === null) return null;
  return html`<div class="cover" part="panel panel-${state}">
    <slot name=${state}>
      <div class="panel ${view.tone}">
        ${icon(view.icon)}
        <h2 part="heading" tabindex="-1" dir="auto">${text[0]}</h2>
        <p part="message" dir="auto">${text[1]}</p>
        ${
          view.progress
            ? html`<div class="progress" part="progress" role="progressbar" aria-label=${text[0]}></div>`
            : nothing
        }
        ${actions(view, context)} ${state === 'blocked' ? developerNote(context.diagnosis) : nothing}
      </div>
    </slot>
  </div>`;
}

function actions(view: View, context: PanelContext): TemplateResult | typeof nothing {
  const { messages, url, onRetry, onStartOver } = context;
  const link = view.link && url !== null;
  if (view.retry === null && view.startOver === null && !link) return nothing;
  return html`<div class="actions" part="actions">
    ${button(view.retry, onRetry)} ${button(view.startOver, onStartOver)}
    ${link ? openTab(url, messages, view.kind === 'panel' ? 'button' : '') : nothing}
  </div>`;
}

function button(label: string | null, onClick: () => void): TemplateResult | typeof nothing {
  if (label === null) return nothing;
  return html`<button type="button" part="button" @click=${onClick}>${label}</button>`;
}

function openTab({ href }: URL, { openTab: label }: Messages, look: string): TemplateResult {
  return html`<a class=${look} part="link" href=${href} target="_blank" rel="noopener">${label}</a>`;
}

function developerNote(diagnosis: Diagnosis | null): TemplateResult | typeof nothing {
  if (diagnosis === null) return nothing;
  const { code, confidence, evidence, fix } = diagnosis;
  return html`<details part="diagnosis">
    <summary>For developers: ${code} (${confidence})</summary>
    ${evidence.map((line) => html`<p>${line}</p>`)}
    <p>${fix.text}</p>
    ${fix.copy === undefined ? nothing : html`<code>${fix.copy}</code>`}
  </details>`;
}
