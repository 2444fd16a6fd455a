/** Draws a view. Every state has a slot of its name, whose content takes the place of ours. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CheckoutState } from '../core/attempt-states.js';
import type { Diagnosis } from '../core/diagnosis.js';
import { icon } from './icons.js';
import type { Messages } from './messages.js';
import type { View } from './view.js';
import { panelWords } from './panel-words.js';
import { langOf } from './word-language.js';

export interface PanelContext {
  readonly messages: Messages;
  /** Of the page, or of the part of it that the element stands in. */
  readonly language: string;
  /** The frame's address. */
  readonly url: URL | null;
  /** Shown to developers: on pages of their own machine alone. */
  readonly diagnosis: Diagnosis | null;
  readonly onRetry: () => void;
  readonly onStartOver: () => void;
}

/** The strip beside the frame. It is there from the start, so that a note moves nothing. */
export function strip(view: View, context: PanelContext): TemplateResult {
  const { url, language } = context;
  const { state, kind, text, tone } = view;
  if (kind === 'note' && text !== null) {
    // A sentence that its button repeats gives way where there is little room; beside a link it goes on.
    const look = view.retry === null || pressIsQuiet(view) ? '' : 'pressed';
    return anew(
      state,
      html`<div class="strip note ${tone}" part="strip note strip-${state} note-${state}">
        <slot name=${state}>
          <div class="words ${look}">
            ${icon(view.icon)}
            <p part="message" lang=${langOf(text, language)}>
              <bdi><strong part="heading">${text[0]}.</strong> <span>${text[1]}</span></bdi>
            </p>
            ${actions(view, context)}
          </div>
        </slot>
      </div>`,
    );
  }
  const quiet = kind === 'frame' && url !== null;
  // A state that is a panel has its slot there: the first of a name takes all.
  const words = quiet
    ? html`<slot name=${state}>
        ${icon('lock')}
        <p><bdi>${url.host}</bdi></p>
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
  const lang = langOf(text, context.language);
  return anew(
    state,
    html`<div class="cover" part="panel panel-${state}">
      <slot name=${state}>
        <div class="panel ${view.tone}">
          ${icon(view.icon)} ${panelWords(text, lang, view.progress)} ${actions(view, context)}
          ${state === 'blocked' ? developerNote(context.diagnosis) : nothing}
        </div>
      </slot>
    </div>`,
  );
}

/** Strings of the templates, by what they are drawn for. */
const drawn = new Map<string, TemplateStringsArray>();

/**
 * Draws each state's words anew: a text that is put in the place of another, longer one would count as moved. Lit keeps
 * what it has drawn as long as the strings are the same list.
 */
function anew(state: CheckoutState, { strings, ...result }: TemplateResult): TemplateResult {
  const key = [state, strings[0]].join();
  const own = drawn.get(key) ?? Object.assign([...strings], { raw: strings.raw });
  drawn.set(key, own);
  return { ...result, strings: own };
}

function actions(view: View, context: PanelContext): TemplateResult | typeof nothing {
  const { url, onRetry, onStartOver } = context;
  const link = view.link && url !== null;
  if (view.retry === null && view.startOver === null && !link) return nothing;
  return html`<div class="actions" part="actions">
    ${button(view.retry, onRetry, context, pressIsQuiet(view))}
    ${button(view.startOver, onStartOver, context)}
    ${link ? openTab(url, context, view.kind === 'panel' ? 'button' : 'link') : nothing}
  </div>`;
}

/** What is beside a frame that may be working, or a checkout that goes on elsewhere, must not look like the way to go. */
function pressIsQuiet({ kind, state }: View): boolean {
  return kind === 'note' && state !== 'error';
}

function button(
  label: string | null,
  press: () => void,
  { language }: PanelContext,
  quiet = false,
): TemplateResult | typeof nothing {
  if (label === null) return nothing;
  const lang = langOf(label, language);
  // No form is around them: they need no type to be no submit buttons.
  return quiet
    ? html`<button class="link" part="button quiet" dir="auto" lang=${lang} @click=${press}>${label}</button>`
    : html`<button part="button" dir="auto" lang=${lang} @click=${press}>${label}</button>`;
}

function openTab({ href }: URL, { messages, language }: PanelContext, look: string): TemplateResult {
  const { openTab: label } = messages;
  const lang = langOf(label, language);
  return html`<a class=${look} part="link" dir="auto" lang=${lang} href=${href} target="_blank" rel="noopener"
    >${label}</a
  >`;
}

/** In English, whatever the buyer reads: who mends it is a developer. */
function developerNote(diagnosis: Diagnosis | null): TemplateResult | typeof nothing {
  if (diagnosis === null) return nothing;
  const { code, confidence, evidence, fix } = diagnosis;
  return html`<details part="diagnosis" lang="en" dir="ltr">
    <summary>For developers: ${code} (${confidence})</summary>
    ${evidence.map((line) => html`<p>${line}</p>`)}
    <p>${fix.text}</p>
    ${fix.copy === undefined ? nothing : html`<code>${fix.copy}</code>`}
  </details>`;
}
