/** What is switched on at the vendors', for every visitor of this demo, and one click that switches it off. */
import { html, type TemplateResult } from 'lit';
import type { ShopVendor } from '../settings.js';
import { CARDS, VENDOR_NAMES } from './scenarios-view.js';

interface SwitchedOn {
  readonly vendor: ShopVendor;
  readonly name: string;
}

/** @param switchOff Told what was on, in words. */
export function switchedView(
  current: ShopVendor,
  on: readonly SwitchedOn[],
  switchOff: (titles: readonly string[]) => void,
): TemplateResult {
  const titles = on.map((one) => titleOf(one, current));
  const isOff = titles.length === 0;
  // The button stays where it is: what is pressed keeps the focus.
  return html`<div class="qa-switched" data-on=${isOff ? 'no' : 'yes'}>
    <dt id="qa-switched">Switched on, for every visitor</dt>
    <dd>
      <span data-testid="switched-on">${isOff ? 'nothing' : titles.join(', ')}</span>
      <button
        class="qa-button"
        aria-disabled=${isOff ? 'true' : 'false'}
        aria-describedby="qa-switched"
        @click=${() => {
          if (!isOff) switchOff(titles);
        }}
      >
        Switch off
      </button>
    </dd>
  </div>`;
}

function titleOf({ vendor, name }: SwitchedOn, current: ShopVendor): string {
  const title = CARDS[vendor][name]?.title ?? name;
  return vendor === current ? title : `${VENDOR_NAMES[vendor]}: ${title}`;
}
