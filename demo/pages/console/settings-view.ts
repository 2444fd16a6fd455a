/** What the page shows and what the vendor is taken to do, as one form. Its address can be shared. */
import { html, type TemplateResult } from 'lit';
import type { AssumptionName, AssumptionValues } from 'checkout-embed/testing';
import { readSettings, SETTINGS, type SettingName, type ShopVendor } from '../settings.js';
import { showSettings } from './actions.js';
import { assumptionsView } from './assumptions-view.js';

const LOOKS = { lang: 'Language', dir: 'Direction', scheme: 'Colors' } as const;

const LABELS = {
  surface: 'Surface',
  plan: 'Plan',
  target: 'Target',
  item: 'Item',
  cta: 'Custom cards',
  ...LOOKS,
  patience: 'Deadlines',
} as const satisfies Partial<Record<SettingName, string>>;

/** What each tab can show in other ways. */
const CHOICES: Readonly<Record<ShopVendor, Partial<Record<SettingName, string>>>> = {
  ledgerbee: LABELS,
  siglume: { price: 'Price', ...LOOKS },
  ledyer: { signatory: 'Signatory', ...LOOKS },
};

/** The values of each assumption; the first is the contract's. Complete by its type. */
const ASSUMED: {
  readonly [Name in AssumptionName]: {
    readonly label: string;
    readonly values: readonly `${AssumptionValues[Name]}`[];
  };
} = {
  dispatch: { label: 'embed.js dispatches', values: ['same-task', 'late'] },
  frames: { label: 'embed.js finds frames', values: ['observer', 'at-load'] },
  resize: { label: 'embed.js resizes', values: ['true', 'false'] },
  pageLoadedOnItem: { label: 'pageLoaded on items', values: ['true', 'false'] },
  initiatedInline: { label: 'initiated, inline', values: ['true', 'false'] },
  duplicateConfirmFiresError: { label: 'Duplicate confirm is an error', values: ['false', 'true'] },
  defaultTarget: { label: 'Target, if none', values: ['_blank', 'inline'] },
  onPay: { label: 'OnPay opens', values: ['new-tab', 'top'] },
  bindRefSpentAt: { label: 'Bind ref is spent at', values: ['mint', 'confirm'] },
  anonymousKeepsReference: { label: 'Lost ref keeps its reference', values: ['false', 'true'] },
  provisionTokenField: { label: 'Field of the bind ref', values: ['checkoutBindToken', 'bindToken'] },
  listShape: { label: 'Lists come as', values: ['page', 'array'] },
  messageIdPer: { label: 'Webhook id per', values: ['endpoint', 'event'] },
  envelopeTimestamp: { label: 'Envelope’s timestamp', values: ['constant', 'each-send'] },
  firstEvent: { label: 'First webhook', values: ['assigned', 'started'] },
};

export function settingsView(vendor: ShopVendor): TemplateResult {
  const query = new URLSearchParams(location.search);
  const settings = readSettings(query);
  const assumed = query.getAll('assume');
  return html`<section aria-labelledby="qa-settings">
    <h3 id="qa-settings">The page shows</h3>
    <form @submit=${show}>
      <div class="qa-settings">
        <input type="hidden" name="vendor" value=${vendor} />
        ${Object.entries(CHOICES[vendor]).map(([name, label]) =>
          choice(label, name, options(SETTINGS[name as SettingName], settings[name as SettingName])),
        )}
      </div>
      ${vendor === 'ledgerbee' ? ledgerbeeAssumptions(assumed) : carried(assumed)}
      <button class="qa-button">Show it, and put it into the address</button>
    </form>
    <div class="qa-parts">
      ${assumptionsView('siglume', 'Siglume')} ${assumptionsView('ledyer', 'Ledyer')}
    </div>
  </section>`;
}

function ledgerbeeAssumptions(assumed: readonly string[]): TemplateResult {
  const changed = assumed.filter((pair) => !pair.includes('.'));
  return html`<details class="qa-part" ?open=${changed.length > 0}>
      <summary>LedgerBee is taken to <span>${changed.length} of 15 changed</span></summary>
      <div class="qa-settings">
        ${Object.entries(ASSUMED).map(([name, { label, values }]) =>
          choice(label, 'assume', assumptionOptions(name, values, assumed)),
        )}
      </div>
    </details>
    ${carried(assumed.filter((pair) => pair.includes('.')))}`;
}

/** What is chosen elsewhere and stays. */
function carried(assumed: readonly string[]): readonly TemplateResult[] {
  return assumed.map((pair) => html`<input type="hidden" name="assume" value=${pair} />`);
}

interface Option {
  readonly value: string;
  readonly text: string;
  readonly isChosen: boolean;
}

function options(values: readonly string[], chosen: string): readonly Option[] {
  return values.map((value) => ({ value, text: value, isChosen: value === chosen }));
}

/** The contract's own value is no assumption to name. */
function assumptionOptions(
  name: string,
  values: readonly string[],
  assumed: readonly string[],
): readonly Option[] {
  return values.map((text, index) => {
    const value = index === 0 ? '' : `${name}:${text}`;
    return { value, text: inWords(text), isChosen: assumed.includes(value) };
  });
}

function inWords(value: string): string {
  return value === 'true' ? 'yes' : value === 'false' ? 'no' : value;
}

function choice(label: string, name: string, all: readonly Option[]): TemplateResult {
  return html`<label>
    <span>${label}</span>
    <select name=${name}>
      ${all.map(
        ({ value, text, isChosen }) => html`<option value=${value} ?selected=${isChosen}>${text}</option>`,
      )}
    </select>
  </label>`;
}

function show(event: SubmitEvent): void {
  event.preventDefault();
  showSettings(new FormData(event.target as HTMLFormElement));
}
