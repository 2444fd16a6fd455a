/** A way to one state, one diagnosis or one trap: what the demo's servers and the page are told, so that the element gets there by itself. */
import type { LedyerScenarioName, ScenarioName, SiglumeFaultName } from 'checkout-embed/testing';
import type { PageSettings, ShopVendor } from '../settings.js';
import type { Fate } from '../../shop/fates.js';

export type BuyerWish = 'bound' | 'anonymous' | 'either';

export interface Switched {
  readonly name: ScenarioName | SiglumeFaultName | LedyerScenarioName;
  /** Occasions until it is over; left out, it stays on. */
  readonly times?: number;
}

/** Where a click leads. */
export interface Destination {
  /** Left out: `ledgerbee`. */
  readonly vendor?: ShopVendor;
  /** Left out: `bound`. */
  readonly buyer?: BuyerWish;
  readonly scenarios?: readonly Switched[];
  readonly fate?: Fate;
  readonly page?: Partial<PageSettings>;
  /** The shop's own button is pressed once the page is there, as a buyer would. */
  readonly presses?: true;
}

export interface Way extends Destination {
  /** What the click does, in one or two sentences. */
  readonly did: string;
  /** What the page pretends, and how a person has the real thing. */
  readonly pretends?: string;
}

/** Why no click here can lead there. */
export interface NoWay {
  readonly not: string;
}

/** A target as it stands in the page's address: `state:blocked`, `code:offline`, `siglume:settled`. */
export type WayId = `${'state' | 'code' | 'siglume' | 'ledyer'}:${string}`;

/** What the way's states are called in the address. */
export const STATE_KIND = {
  ledgerbee: 'state',
  siglume: 'siglume',
  ledyer: 'ledyer',
} as const satisfies Record<ShopVendor, string>;

/** A scenario as a button: what happens, and what the person will see. */
export interface ScenarioCard {
  readonly title: string;
  /** In one sentence. */
  readonly expect: string;
  readonly group: string;
  readonly buyer?: BuyerWish;
  /** Occasions until it is over; without a number it stays on. */
  readonly times?: number;
  /** What is switched on with it. */
  readonly and?: readonly Switched[];
  readonly page?: Partial<PageSettings>;
  readonly presses?: true;
}
