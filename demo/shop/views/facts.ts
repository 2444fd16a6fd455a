/** A list of what speaks for the goods. */
import { html, type Html } from '../html.js';

export function factsOf(facts: readonly (readonly [strong: string, rest: string])[]): Html {
  return html`<ul class="facts">
    ${facts.map(([strong, rest]) => html`<li><strong>${strong}</strong> ${rest}</li>`)}
  </ul>`;
}
