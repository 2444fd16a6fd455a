/** What the buyer sees of an attempt: its words, its panels, and where the focus goes between them. */
import { html, type TemplateResult } from 'lit';
import { INITIAL_SNAPSHOT, type Snapshot, type Surface } from '../core/attempt-states.js';
import { isLoopbackHost } from '../protocol/loopback.js';
import { FocusKeeper } from './focus-keeper.js';
import { messagesFor, type Messages } from './messages.js';
import { panelStyles } from './panel-styles.js';
import { cover, strip, type PanelContext } from './panels.js';
import { SlottedTemplates } from './slotted-templates.js';
import { stripStyles } from './strip-styles.js';
import { viewOf, type View } from './view.js';
import { langOf } from './word-language.js';

/** The element, as its face sees it. */
export interface FaceHost extends HTMLElement {
  /** The page's own words. */
  readonly messages: Partial<Messages>;
  /** Of the element, or of what it stands in. */
  readonly language: string;
  /** Languages that the page brings along. */
  readonly languages: Readonly<Record<string, Messages>>;
  readonly frame: HTMLIFrameElement | null;
  retry(): void;
  reset(): void;
}

export class Face {
  readonly #host: FaceHost;
  readonly #root: ShadowRoot;
  readonly #focus: FocusKeeper;
  readonly #templates: SlottedTemplates;
  #shown = INITIAL_SNAPSHOT;
  #url: URL | null = null;
  /** What was shown first of its state, of another failure in it, or when an answer failed to come: the rest is seen and not said. */
  #said = INITIAL_SNAPSHOT;

  constructor(host: FaceHost, root: ShadowRoot) {
    this.#host = host;
    this.#focus = new FocusKeeper(host);
    this.#root = root;
    this.#templates = new SlottedTemplates(host);
  }

  /**
   * From now on this is shown.
   * @param url Where the frame is.
   */
  show(snapshot: Snapshot, url: URL | null): void {
    const { state, mount, reason, unanswered } = this.#said;
    if (
      snapshot.state !== state ||
      snapshot.mount !== mount ||
      snapshot.reason !== reason ||
      snapshot.unanswered !== unanswered
    )
      this.#said = snapshot;
    this.#shown = snapshot;
    this.#url = url;
    this.#templates.show(this.view.slots);
  }

  /** Takes out of the page what it put there: the element may come back with another face. */
  end(): void {
    this.#templates.show([]);
  }

  get view(): View {
    return viewOf(this.#shown, this.messages);
  }

  get messages(): Messages {
    const { language, languages, messages } = this.#host;
    return messagesFor(language, messages, languages);
  }

  /** What the frame is to show; `undefined` before there is one. */
  get surface(): Surface | undefined {
    return this.#shown.options?.surface;
  }

  strip(): TemplateResult {
    this.#dress();
    return strip(this.view, this.#context);
  }

  /** `null` where the frame is seen, or its skeleton. */
  cover(): TemplateResult | null {
    const { kind, frame } = this.view;
    // Neither will come: the page draws a view of its own.
    if (kind === 'skeleton' && frame === 'gone') return html``;
    return cover(this.view, this.#context);
  }

  /** For the live region: once per state, in the language that the page has now. */
  get words(): TemplateResult | undefined {
    const { text } = viewOf(this.#said, this.messages);
    if (text === null) return undefined;
    // As a property: what translates a page puts a node of its own in the place of a text, which would be written to no more.
    return html`<span lang=${langOf(text, this.#host.language)} .textContent=${text.join('. ')}></span>`;
  }

  /** Before anything changes. */
  noteFocus(): void {
    this.#focus.note();
  }

  /** After it has. */
  mendFocus(): void {
    this.#focus.mend(this.#host.frame, this.view.frame === 'shown');
  }

  /** Behind the styles of the box, which the element takes when it is drawn first. */
  #dress(): void {
    const { adoptedStyleSheets } = this.#root;
    for (const { styleSheet } of [panelStyles, stripStyles]) {
      if (styleSheet !== undefined && !adoptedStyleSheets.includes(styleSheet))
        adoptedStyleSheets.push(styleSheet);
    }
  }

  get #context(): PanelContext {
    const { diagnosis } = this.#shown;
    return {
      messages: this.messages,
      language: this.#host.language,
      url: this.#url,
      diagnosis: isLoopbackHost(location.hostname) ? diagnosis : null,
      onRetry: () => this.#host.retry(),
      onStartOver: () => this.#host.reset(),
    };
  }
}
