/** A way to one state or one diagnosis: what the demo's servers and the page are told, so that the element gets there by itself. */
import type { ScenarioName } from 'checkout-embed/testing';
import type { PageSettings } from '../settings.js';
import type { Fate } from '../../shop/fates.js';

export type BuyerWish = 'bound' | 'anonymous' | 'either';

export interface Way {
  /** What the click does, in one or two sentences. */
  readonly did: string;
  /** Left out: `bound`. */
  readonly buyer?: BuyerWish;
  /** `times`: occasions until it is over; left out, it stays on. */
  readonly scenarios?: readonly { readonly name: ScenarioName; readonly times?: number }[];
  readonly fate?: Fate;
  readonly page?: Partial<PageSettings>;
  /** What no page can do and the person must. */
  readonly byHand?: string;
}

/** Why no click here can lead there. */
export interface NoWay {
  readonly not: string;
}

/** A target as it stands in the page's address: `state:blocked`, `code:offline`. */
export type WayId = `${'state' | 'code'}:${string}`;
