/** The console as HTML: a pure function of what is known. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ShopVendor } from '../settings.js';
import * as actions from './actions.js';
import { barView, type BarModel } from './bar-view.js';
import { boardView, outcomeView, type BoardModel } from './board.js';
import { orderView } from './order-view.js';
import { LEDYER_ACTS } from './ledyer-ways.js';
import { scenariosView } from './scenarios-view.js';
import type { OrderSnapshot } from './server-feed.js';
import { settingsView } from './settings-view.js';
import { SIGLUME_ACTS } from './siglume-ways.js';
import { switchedView } from './switched-view.js';
import { SOURCES, type Happening, type Source } from './timeline.js';

export interface ConsoleModel {
  readonly state: string;
  readonly board: BoardModel;
  readonly orderRef: string;
  readonly snapshot: OrderSnapshot | null;
  readonly happenings: readonly Happening[];
  readonly hidden: ReadonlySet<Source>;
  readonly collapsed: boolean;
  /** Pages of the vendor's that belong to the order, by name. */
  readonly links: readonly (readonly [name: string, url: string])[];
  readonly bar: BarModel;
}

export interface ConsoleControls {
  readonly toggleCollapsed: () => void;
  readonly toggleSource: (source: Source) => void;
  readonly clear: () => void;
  /** Runs the action and says what it did, if it tells, or its trouble. */
  readonly run: (action: () => Promise<unknown>) => void;
  /** To what was pressed. */
  readonly goBack: () => void;
}

export function consoleView(model: ConsoleModel, controls: ConsoleControls): TemplateResult {
  return html`
    <div class="qa-head">
      <h2 id="qa-heading">QA console</h2>
      <button
        class="qa-button"
        aria-expanded=${model.collapsed ? 'false' : 'true'}
        aria-controls="qa-body"
        @click=${controls.toggleCollapsed}
      >
        ${model.collapsed ? 'Show' : 'Hide'}
      </button>
    </div>
    <div id="qa-body" ?hidden=${model.collapsed}>
      ${nowView(model, controls)} ${boardView(model.board, (id) => controls.run(() => actions.goWay(id)))}
      ${timelineView(model, controls)} ${orderView(model.snapshot)} ${startView(model, controls)}
      ${settingsView(model.board.vendor)}
      ${scenariosView(model.board.vendor, model.snapshot?.scenarios ?? [], (vendor, name) =>
        controls.run(() => actions.startScenario(vendor, name)),
      )}
      ${barView(model.bar, controls.goBack)}
    </div>
  `;
}

function nowView({ state, board, snapshot }: ConsoleModel, { run }: ConsoleControls): TemplateResult {
  return html`
    <dl class="qa-now">
      <div>
        <dt>Element</dt>
        <dd data-testid="element-state">${state}</dd>
      </div>
      <div>
        <dt>Order</dt>
        <dd data-testid="order-status">${snapshot?.order?.status ?? 'none yet'}</dd>
      </div>
      <div>
        <dt>Granted</dt>
        <dd data-testid="grants">${snapshot?.grants.length ?? 0}×</dd>
      </div>
      ${switchedView(board.vendor, snapshot?.scenarios ?? [], (titles) =>
        run(() => actions.switchOff(titles)),
      )}
    </dl>
    ${outcomeView(board)}
  `;
}

/** What the vendor and its people can be made to do. */
const ACTS: Readonly<Record<ShopVendor, Readonly<Record<string, string>>>> = {
  ledgerbee: { redeliver: 'Send last webhook again' },
  siglume: SIGLUME_ACTS,
  ledyer: LEDYER_ACTS,
};

/** What a person at the merchant's says to a review. */
const ANSWERS = { accept: 'Review: yes', reject: 'Review: no' } as const;

function startView({ board, links, orderRef }: ConsoleModel, { run }: ConsoleControls): TemplateResult {
  const { vendor } = board;
  return html`<section aria-labelledby="qa-start">
    <h3 id="qa-start">Start and nudge</h3>
    <div class="qa-buttons">
      ${button('New order, logged in', () => run(() => actions.startOrder('bound')))}
      ${button('New order, anonymous', () => run(() => actions.startOrder('anonymous')))}
      ${vendor === 'ledgerbee' ? button('Forge a confirmation', () => run(actions.forgeConfirmation)) : nothing}
      ${button('Reconcile now', () => run(() => actions.reconcile(orderRef)))}
      ${Object.entries({ ...ANSWERS, ...ACTS[vendor] }).map(([name, label]) =>
        button(label, () => run(() => actions.act(vendor, name, orderRef, label))),
      )}
      ${links.map(
        ([name, url]) => html`<a class="qa-button" href=${url} target="_blank" rel="noopener">${name}</a>`,
      )}
      ${button('Reset', () => run(actions.reset))}
    </div>
  </section>`;
}

function timelineView({ happenings, hidden }: ConsoleModel, controls: ConsoleControls): TemplateResult {
  return html`<section aria-labelledby="qa-timeline">
    <h3 id="qa-timeline">As it happens</h3>
    <div class="qa-buttons" role="group" aria-label="Show">
      ${SOURCES.map(
        (source) =>
          html`<button
            class="qa-button qa-filter"
            data-source=${source}
            aria-pressed=${hidden.has(source) ? 'false' : 'true'}
            @click=${() => controls.toggleSource(source)}
          >
            ${source}
          </button>`,
      )}
      ${button('Clear', controls.clear)}
    </div>
    <!-- Scrolled by keyboard too. -->
    <ol class="qa-log" tabindex="0" aria-label="Events, newest first" data-testid="timeline">
      ${happenings.length === 0 ? html`<li class="qa-empty">Nothing yet.</li>` : nothing}
      ${happenings.map(
        ({ at, source, title, detail, tone }) =>
          html`<li data-source=${source} data-tone=${tone}>
            <time>${clock(at)}</time><span class="qa-source">${source}</span
            ><span class="qa-what"><strong>${title}</strong> ${detail}</span>
          </li>`,
      )}
    </ol>
  </section>`;
}

function button(label: string, click: () => void): TemplateResult {
  return html`<button class="qa-button" @click=${click}>${label}</button>`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Of this machine, to the millisecond. */
function clock(at: Date): string {
  return `${CLOCK.format(at)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
