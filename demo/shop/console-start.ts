/** What the QA console's "start" asks for, read from its body: everything else is left out. */
import { BUYERS } from './buyers.js';
import { GATED_PLAN } from './catalogue.js';
import { FATES, type Fate } from './fates.js';
import { SETTINGS, type ShopVendor } from '../pages/settings.js';
import { productOn } from './products.js';
import type { SwitchBoard, Switching } from './switches.js';

export interface Start {
  readonly vendor: ShopVendor;
  readonly scenarios: readonly Switching[];
  /** `undefined` leaves the login as it is; `null` logs out. */
  readonly buyer: string | null | undefined;
  readonly fate: Fate | null;
  /** Of the order; `null`: the public plan. */
  readonly plan: string | null;
}

/** @throws {SyntaxError} for a body that the console did not write. */
export function readStart(body: string, switches: SwitchBoard): Start {
  const value = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const vendor = SETTINGS.vendor.find((one) => one === value['vendor']) ?? 'ledgerbee';
  const asked = Array.isArray(value['scenarios']) ? (value['scenarios'] as unknown[]) : [value];
  const price = value['price'] === 'small' ? 'small' : 'usual';
  return {
    vendor,
    scenarios: asked.map((one) => readScenario(one, switches[vendor].names)).filter((one) => one !== null),
    buyer: value['buyer'] === null ? null : BUYERS.find(({ id }) => id === value['buyer'])?.id,
    fate: FATES.find((fate) => fate === value['fate']) ?? null,
    plan: productOn({ vendor, price })?.id ?? (value['plan'] === GATED_PLAN ? GATED_PLAN : null),
  };
}

/** As `{ name }` in a list, or as `{ scenario }` alone. */
function readScenario(asked: unknown, names: readonly string[]): Switching | null {
  const { name: named, scenario, times } = asked as Readonly<Record<string, unknown>>;
  const name = names.find((one) => one === (named ?? scenario));
  return name === undefined ? null : { name, times: typeof times === 'number' && times > 0 ? times : null };
}
