/** Scenarios and assumptions of the three sandboxes behind one handle: what the QA console turns. */
import {
  ASSUMPTIONS,
  LEDYER_ASSUMPTIONS,
  LEDYER_SCENARIOS,
  SCENARIOS,
  SIGLUME_ASSUMPTIONS,
  SIGLUME_FAULTS,
} from 'checkout-embed/testing';
import type { Sandboxes } from '../sandboxes.js';
import type { ShopVendor } from '../pages/settings.js';

export interface Switching {
  readonly name: string;
  /** Occasions until it is over; `null`: it stays on. */
  readonly times: number | null;
}

export interface VendorSwitches {
  readonly names: readonly string[];
  /** @throws {RangeError} for a name that is not the vendor's. */
  readonly set: (switching: Switching) => void;
  /** Does nothing where it is off already. */
  readonly end: (name: string) => void;
  /** Scenarios alone. */
  readonly reset: () => void;
  /** Which are on. */
  readonly on: () => readonly string[];
  /** The values of each assumption; the first is the contract's. */
  readonly assumptions: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly assumed: () => Readonly<Record<string, unknown>>;
  readonly assume: (name: string, value: string | number | boolean) => void;
}

export type SwitchBoard = Readonly<Record<ShopVendor, VendorSwitches>>;

export function switchBoardOf({ ledgerbee, siglume, ledyer }: Sandboxes): SwitchBoard {
  return {
    ledgerbee: {
      ...scenariosOf(SCENARIOS, ledgerbee.scenarios),
      ...assumptionsOf(ASSUMPTIONS, ledgerbee.assumptions),
    },
    siglume: {
      ...scenariosOf(SIGLUME_FAULTS, siglume.faults),
      ...assumptionsOf(SIGLUME_ASSUMPTIONS, siglume.assumptions),
    },
    ledyer: {
      ...scenariosOf(LEDYER_SCENARIOS, ledyer.scenarios),
      ...assumptionsOf(LEDYER_ASSUMPTIONS, ledyer.assumptions),
    },
  };
}

/**
 * `?assume=dispatch:late&assume=siglume.repeatedNonce:new-session`: a link shows the same to everybody. A name without a
 * vendor is LedgerBee's; whatever is not named is as in the contract.
 */
export function applyAssumptions(board: SwitchBoard, query: URLSearchParams): void {
  const wanted = query.getAll('assume').map((pair) => pair.split(':'));
  for (const [vendor, { assumptions, assumed, assume }] of Object.entries(board)) {
    const prefix = vendor === 'ledgerbee' ? '' : `${vendor}.`;
    const current = assumed();
    for (const [name, allowed] of Object.entries(assumptions)) {
      const given = wanted.find(([named]) => named === prefix + name)?.[1];
      const value = allowed.find((one) => String(one) === given) ?? allowed[0];
      // Only what changes: the timeline is for people.
      if (value !== undefined && current[name] !== value) assume(name, value);
    }
  }
}

interface ScenarioHandle<Name extends string> {
  set(name: Name, to: boolean | { readonly times: number }): void;
  list(): readonly { readonly name: Name; readonly on: boolean }[];
  reset(): void;
}

function scenariosOf<Name extends string>(
  names: readonly Name[],
  handle: ScenarioHandle<Name>,
): Pick<VendorSwitches, 'names' | 'set' | 'end' | 'reset' | 'on'> {
  const on = (): readonly Name[] =>
    handle
      .list()
      .filter((one) => one.on)
      .map(({ name }) => name);
  return {
    names,
    // The sandbox refuses what is not in its list.
    set: ({ name, times }) => handle.set(name as Name, times === null ? true : { times }),
    end: (name) => {
      // Only what changes: the timeline is for people.
      if (on().includes(name as Name)) handle.set(name as Name, false);
    },
    reset: () => handle.reset(),
    on,
  };
}

interface AssumptionHandle {
  set(name: never, value: never): void;
  current(): object;
}

function assumptionsOf(
  assumptions: VendorSwitches['assumptions'],
  handle: AssumptionHandle,
): Pick<VendorSwitches, 'assumptions' | 'assumed' | 'assume'> {
  return {
    assumptions,
    assumed: () => ({ ...handle.current() }),
    assume: (name, value) => handle.set(name as never, value as never),
  };
}
