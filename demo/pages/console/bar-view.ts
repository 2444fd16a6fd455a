/** At the foot of the window wherever the page is scrolled to: the console's one live region, and the way back to what was pressed. */
import { html, nothing, type TemplateResult } from 'lit';

export interface BarModel {
  /** What was done or has come, or ''. */
  readonly said: string;
  /** The last button's trouble, or ''. */
  readonly problem: string;
  /** What was pressed, while it is out of view; `null`: it is in view, or was since. */
  readonly wayBack: string | null;
}

export function barView({ said, problem, wayBack }: BarModel, goBack: () => void): TemplateResult {
  const isEmpty = said === '' && problem === '' && wayBack === null;
  return html`<div class="qa-bar" data-empty=${isEmpty ? 'yes' : 'no'}>
    <p role="status" data-tone=${problem === '' ? 'plain' : 'bad'}>${problem === '' ? said : problem}</p>
    ${
      wayBack === null
        ? nothing
        : html`<button class="qa-button" @click=${goBack}>
            <span>Back to <strong>${wayBack}</strong></span>
          </button>`
    }
  </div>`;
}
