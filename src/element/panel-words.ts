/** What every panel says, whichever element it belongs to. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Text } from './messages.js';

/** @param lang Of the words, where it is not the page's. */
export function panelWords([title, text]: Text, lang: 'en' | typeof nothing, waits: boolean): TemplateResult {
  return html`<h2 part="heading" tabindex="-1" dir="auto" lang=${lang}>${title}</h2>
    <p part="message" dir="auto" lang=${lang}>${text}</p>
    ${
      waits
        ? html`<div
            class="progress"
            part="progress"
            role="progressbar"
            aria-label=${title}
            lang=${lang}
          ></div>`
        : nothing
    }`;
}
