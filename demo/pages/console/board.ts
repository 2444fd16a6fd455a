/** The board: every state and every diagnosis, each by one click, and whether it was reached. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Diagnosis } from 'checkout-embed/element';
import { CODE_WAYS } from './code-ways.js';
import type { Arrival, Reached } from './reached.js';
import type { ShopVendor } from '../settings.js';
import { LEDYER_STATES } from './ledyer-ways.js';
import { SIGLUME_STATES } from './siglume-ways.js';
import { STATE_WAYS } from './state-ways.js';
import type { NoWay, Way, WayId } from './way.js';

export interface BoardModel {
  /** Whose tab. */
  readonly vendor: ShopVendor;
  readonly reached: Reached;
  /** The way that this page was opened by. */
  readonly pressed: WayId | null;
  /** When this page was opened, in milliseconds since 1970. */
  readonly pageMs: number;
  readonly diagnosis: Diagnosis | null;
}

const TITLES: Readonly<Record<ShopVendor, string>> = {
  ledgerbee: 'Every state, every diagnosis',
  siglume: 'Every state of the button',
  ledyer: 'Every state of the confirmation page',
};

/** By the first part of a way's id. */
const WAYS = {
  state: ['States', STATE_WAYS],
  code: ['Diagnoses', CODE_WAYS],
  siglume: ['States', SIGLUME_STATES],
  ledyer: ['States', LEDYER_STATES],
} as const satisfies Record<string, readonly [title: string, ways: Readonly<Record<string, Way | NoWay>>]>;
type Kind = keyof typeof WAYS;

function groupsOf(vendor: ShopVendor): readonly Kind[] {
  return vendor === 'ledgerbee' ? ['state', 'code'] : [vendor];
}

/** What the address names, if it is one of the board's. */
export function findWay(id: string | null): { readonly id: WayId; readonly way: Way } | null {
  const found = rows().find((row) => row.id === id);
  return found === undefined || 'not' in found.way ? null : { id: found.id, way: found.way };
}

export function boardView(model: BoardModel, press: (id: WayId) => void): TemplateResult {
  return html`<section aria-labelledby="qa-board">
    <h3 id="qa-board">${TITLES[model.vendor]}</h3>
    <p class="qa-hint">
      One click starts a new order under the right conditions; the element gets there by itself.
    </p>
    ${groupsOf(model.vendor).map((kind) => group(kind, model, press))}
  </section>`;
}

/** What was pressed, whether it led there, and why nothing is to be seen. */
export function outcomeView({ reached, pressed, pageMs, diagnosis }: BoardModel): TemplateResult {
  const found = findWay(pressed);
  const arrival = found && since(reached.of(found.id), pageMs);
  return html`<div class="qa-outcome" data-testid="outcome">
    ${
      found === null
        ? nothing
        : html`<p class="qa-goal" data-reached=${arrival === null ? 'no' : 'yes'}>
              <strong>${nameOf(found.id)}</strong>
              ${arrival === null ? 'not yet reached' : `reached ${clock(arrival.atMs)}`}
            </p>
            <p>${found.way.did}</p>
            ${found.way.pretends === undefined ? nothing : html`<p class="qa-pretends">${found.way.pretends}</p>`}`
    }
    ${diagnosis === null ? nothing : diagnosisView(diagnosis)}
  </div>`;
}

/** The same in a few words, for whoever looks elsewhere or listens; '' where no way was pressed. */
export function outcomeWords({ reached, pressed, pageMs, diagnosis }: BoardModel): string {
  const found = findWay(pressed);
  if (found === null) return '';
  const arrival = since(reached.of(found.id), pageMs);
  const name = nameOf(found.id);
  const why = diagnosis === null || diagnosis.code === name ? '' : `; diagnosis ${diagnosis.code}`;
  return `${name} ${arrival === null ? 'not yet reached' : `reached ${clock(arrival.atMs)}`}${why}`;
}

function diagnosisView({ code, confidence, evidence, fix }: Diagnosis): TemplateResult {
  return html`<dl class="qa-diagnosis" data-testid="diagnosis">
    <dt>Diagnosis</dt>
    <dd><strong>${code}</strong>, ${confidence}</dd>
    <dt>Evidence</dt>
    <dd>
      <ul>
        ${evidence.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>
    </dd>
    <dt>Fix</dt>
    <dd>
      For the ${fix.who}: ${fix.text} ${fix.copy === undefined ? nothing : html`<code>${fix.copy}</code>`}
    </dd>
  </dl>`;
}

function group(kind: Kind, { reached, pressed }: BoardModel, press: (id: WayId) => void): TemplateResult {
  const [title] = WAYS[kind];
  const all = rows().filter(({ id }) => id.startsWith(`${kind}:`));
  const open = all.filter(({ way }) => !('not' in way));
  const unreachable = groupByReason(all);
  const done = open.filter(({ id }) => reached.of(id) !== null).length;
  return html`<h4 id="qa-${kind}s">${title}, ${done} of ${open.length} reached</h4>
    <ul class="qa-board" aria-labelledby="qa-${kind}s">
      ${open.map(({ id }) => html`<li>${wayButton(id, reached.of(id), id === pressed, press)}</li>`)}
    </ul>
    ${[...unreachable].map(
      ([why, names]) =>
        html`<p class="qa-hint qa-not"><strong>${names.join(', ')}</strong>: not here. ${why}</p>`,
    )}`;
}

/** Those that no click here can lead to, by the reason. */
function groupByReason(
  all: readonly { readonly id: WayId; readonly way: Way | NoWay }[],
): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, readonly string[]>();
  for (const { id, way } of all) {
    if ('not' in way) reasons.set(way.not, [...(reasons.get(way.not) ?? []), nameOf(id)]);
  }
  return reasons;
}

function wayButton(
  id: WayId,
  arrival: Arrival | null,
  isPressed: boolean,
  press: (id: WayId) => void,
): TemplateResult {
  return html`<button
    class="qa-way"
    data-way=${id}
    data-reached=${arrival === null ? 'no' : 'yes'}
    aria-current=${isPressed ? 'true' : 'false'}
    @click=${() => press(id)}
  >
    <strong>${nameOf(id)}</strong>
    <span>${arrival === null ? 'not yet' : inWords(id, arrival)}</span>
  </button>`;
}

function inWords(id: WayId, { atMs, diagnosis }: Arrival): string {
  const sure = id.startsWith('code:') && diagnosis !== null ? `, ${diagnosis.confidence}` : '';
  return `reached ${clock(atMs)}${sure}`;
}

function rows(): readonly { readonly id: WayId; readonly way: Way | NoWay }[] {
  return Object.entries(WAYS).flatMap(([kind, [, ways]]) =>
    Object.entries<Way | NoWay>(ways).map(([name, way]) => ({ id: `${kind as Kind}:${name}` as const, way })),
  );
}

function nameOf(id: WayId): string {
  return id.slice(id.indexOf(':') + 1);
}

function since(arrival: Arrival | null, pageMs: number): Arrival | null {
  return arrival === null || arrival.atMs < pageMs ? null : arrival;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function clock(atMs: number): string {
  return CLOCK.format(atMs);
}
