/** The order as the backend sees it: facts, what is owed, and what waits for a person. */
import { html, nothing, type TemplateResult } from 'lit';
import { inWords, isEmpty } from './page-events.js';
import type { OrderSnapshot } from './server-feed.js';
import { isTime, timeView } from './time-view.js';

export function orderView(snapshot: OrderSnapshot | null): TemplateResult {
  return html`<section aria-labelledby="qa-order">
    <h3 id="qa-order">The order, as the backend sees it</h3>
    ${snapshot === null ? html`<p class="qa-hint">Asking …</p>` : body(snapshot)}
  </section>`;
}

function body({ ref, order, recent }: OrderSnapshot): TemplateResult {
  const others = recent.filter((other) => other.ref !== ref);
  return html`
    <p class="qa-ref">${ref}</p>
    ${
      order === null
        ? html`<p class="qa-hint">No attempt yet: nothing is recorded for a page view.</p>`
        : html`${part('Facts', order.facts)} ${part('Effects', order.effects)}
          ${part('Reviews', order.reviews)} ${part('Deliveries', order.deliveries)}
          ${part('Attempts', order.attempts)} ${part('Transitions', order.transitions)}`
    }
    ${others.length === 0 ? nothing : part('Other recent orders', others)}
  `;
}

function part(title: string, rows: readonly object[]): TemplateResult {
  return html`<details class="qa-part" ?open=${rows.length > 0 && rows.length < 8}>
    <summary>${title} <span>${rows.length}</span></summary>
    <ul>
      ${rows.map((row) => html`<li>${fieldsOf(row)}</li>`)}
    </ul>
  </details>`;
}

/** What a row is comes first; what it holds is told field by field, one level down too. */
function fieldsOf(row: object): readonly TemplateResult[] {
  const entries = Object.entries(row).filter(([, value]) => !isEmpty(value));
  const first = entries.filter(([name]) => name === 'kind');
  const rest = entries.filter(([name]) => name !== 'kind');
  return [...first, ...rest].flatMap(([name, value]) => fieldOf(name, value));
}

function fieldOf(name: string, value: unknown): readonly TemplateResult[] {
  if (isRecords(value)) {
    return value.map((item) => html`<span class="qa-item"><span>${name}</span> ${fieldsOf(item)}</span>`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return fieldsOf(value);
  const shown = isTime(value) ? timeView(value) : inWords(value);
  return [html`<span class="qa-field"><span>${name}</span> ${shown}</span>`];
}

function isRecords(value: unknown): value is readonly object[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'object' && item !== null)
  );
}
