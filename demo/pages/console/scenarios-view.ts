/** Every trap of every vendor by one click, grouped: the tab's own vendor is open. */
import { html, type TemplateResult } from 'lit';
import type { ShopVendor } from '../settings.js';
import { LEDYER_CARDS } from './ledyer-ways.js';
import { SCENARIO_CARDS } from './scenarios.js';
import { SIGLUME_CARDS } from './siglume-ways.js';
import type { ScenarioCard } from './way.js';

export const CARDS: Readonly<Record<ShopVendor, Readonly<Record<string, ScenarioCard>>>> = {
  ledgerbee: SCENARIO_CARDS,
  siglume: SIGLUME_CARDS,
  ledyer: LEDYER_CARDS,
};

export const VENDOR_NAMES: Readonly<Record<ShopVendor, string>> = {
  ledgerbee: 'LedgerBee',
  siglume: 'Siglume',
  ledyer: 'Ledyer',
};

export function scenariosView(
  current: ShopVendor,
  on: readonly { readonly vendor: ShopVendor; readonly name: string }[],
  start: (vendor: ShopVendor, name: string) => void,
): TemplateResult {
  return html`<section aria-labelledby="qa-scenarios">
    <h3 id="qa-scenarios">Scenarios</h3>
    <p class="qa-hint">
      One click switches it on, starts a new order as the buyer it needs, and goes as far as it can.
    </p>
    ${Object.entries(CARDS).map(([name, cards]) => {
      const vendor = name as ShopVendor;
      const switched = on.filter((one) => one.vendor === vendor).map((one) => one.name);
      return html`<details class="qa-part" data-vendor=${vendor} ?open=${vendor === current}>
        <summary>${VENDOR_NAMES[vendor]} <span>${Object.keys(cards).length}</span></summary>
        <div class="qa-vendor">
          ${groupsOf(cards).map(
            (group) =>
              html`<h4>${group}</h4>
                <div class="qa-scenarios">
                  ${Object.entries(cards)
                    .filter(([, card]) => card.group === group)
                    .map(([id, card]) => button(vendor, id, card, switched.includes(id), start))}
                </div>`,
          )}
        </div>
      </details>`;
    })}
  </section>`;
}

function button(
  vendor: ShopVendor,
  id: string,
  { title, expect }: ScenarioCard,
  isOn: boolean,
  start: (vendor: ShopVendor, name: string) => void,
): TemplateResult {
  return html`<button
    class="qa-scenario"
    data-scenario=${id}
    aria-pressed=${isOn ? 'true' : 'false'}
    @click=${() => start(vendor, id)}
  >
    <strong>${title}</strong>
    <span>${expect}</span>
  </button>`;
}

function groupsOf(cards: Readonly<Record<string, ScenarioCard>>): readonly string[] {
  return [...new Set(Object.values(cards).map(({ group }) => group))];
}
