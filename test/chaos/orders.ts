/** What is sold, and what is meant to happen to each sale. Drawn before anything runs, by the seed alone. */
import type { Random } from './random.js';
import { prefixOf, SHOPS, type Shop } from './shops.js';
import type { ChaosVendor, VendorName } from './vendor.js';

/** Shares of all orders, 0 to 1. */
const NO_DELIVERY = 0.08;
const ONE_DELIVERY = 0.08;
const STARTED_LATE = 0.1;
const ENDS_SOON = 0.08;
const ENDS_LATER = 0.15;
const PAID_TWICE = 0.08;

export interface Order {
  readonly ref: string;
  readonly shop: Shop;
  readonly vendor: VendorName;
  /** How many of the two messages about the payment are ever sent: without any, only asking can find it. */
  readonly deliveries: 0 | 1 | 2;
  /** The vendor has begun to speak of it before the kit knows all of it. */
  readonly startedLate: boolean;
  /**
   * When the purchase ends: at any moment after it was made, so that it may or may not have been fulfilled; once
   * its buyer was told that it is; or never.
   */
  readonly ends: 'soon' | 'once-fulfilled' | null;
  /** Another buyer opens a checkout for the same order, and both pay. */
  readonly paidTwice: boolean;
}

type Sold = Pick<ChaosVendor, 'name' | 'traits'>;

export function drawOrder(number: number, vendors: readonly [Sold, ...Sold[]], random: Random): Order {
  const shop = SHOPS[number % SHOPS.length] ?? SHOPS[0];
  const { name: vendor, traits } = vendors[Math.floor(number / SHOPS.length) % vendors.length] ?? vendors[0];
  const ref = `${prefixOf(shop, vendor)}${String(number).padStart(5, '0')}`;
  const drawn = drawEnd(random);
  // What ends before anybody knows whether it was granted is a person's to sort out in this class.
  const ends = traits.ends && shop.effectClass !== 'once-or-review' ? drawn : null;
  const silent = random.chance(NO_DELIVERY) && traits.foundBy !== null;
  const deliveries = silent ? 0 : random.chance(ONE_DELIVERY) ? 1 : 2;
  const startedLate = random.chance(STARTED_LATE);
  const paidTwice = random.chance(PAID_TWICE) && traits.opensInKit && !startedLate;
  // What ends is always announced: that an end was missed altogether is found by no schedule of ours.
  return { ref, shop, vendor, deliveries: ends === null ? deliveries : 2, startedLate, ends, paidTwice };
}

function drawEnd(random: Random): Order['ends'] {
  if (random.chance(ENDS_SOON)) return 'soon';
  return random.chance(ENDS_LATER) ? 'once-fulfilled' : null;
}
