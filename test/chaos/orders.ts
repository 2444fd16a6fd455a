/** What is sold, and what is meant to happen to each sale. Drawn before anything runs, by the seed alone. */
import type { Random } from './random.js';
import { SHOPS, type Shop } from './shops.js';

/** Shares of all orders, 0 to 1. */
const NO_DELIVERY = 0.06;
const ONE_DELIVERY = 0.08;
const STARTED_LATE = 0.1;
const ENDS_SOON = 0.07;
const ENDS_LATER = 0.13;

export interface Order {
  readonly ref: string;
  readonly shop: Shop;
  /** How many of the two messages about the payment are ever sent: without any, only reconcile can find it. */
  readonly deliveries: 0 | 1 | 2;
  /** The attempt is opened after the vendor has begun to speak of it. */
  readonly startedLate: boolean;
  /**
   * When the purchase ends: at any moment after it was made, so that it may or may not have been fulfilled; once
   * its buyer was told that it is; or never.
   */
  readonly ends: 'soon' | 'once-fulfilled' | null;
}

export function drawOrder(number: number, random: Random): Order {
  const shop = SHOPS[number % SHOPS.length] ?? SHOPS[0];
  const ref = `${shop.name}-${String(number).padStart(5, '0')}`;
  const ends = drawEnd(random);
  const deliveries = random.chance(NO_DELIVERY) ? 0 : random.chance(ONE_DELIVERY) ? 1 : 2;
  const startedLate = random.chance(STARTED_LATE);
  // What ends is always announced: that an end was missed altogether is found by no schedule of ours.
  return { ref, shop, deliveries: ends === null ? deliveries : 2, startedLate, ends };
}

function drawEnd(random: Random): Order['ends'] {
  if (random.chance(ENDS_SOON)) return 'soon';
  return random.chance(ENDS_LATER) ? 'once-fulfilled' : null;
}
