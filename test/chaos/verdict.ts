/** Was anything lost, was anything done twice? Pure. */
import type { Doing } from './doings.js';
import type { Evidence } from './evidence.js';
import type { Order } from './orders.js';
import type { Shop } from './shops.js';
import type { Delivery, VendorName } from './vendor.js';

/** One line of the verdict. */
export interface Claim {
  readonly name: string;
  readonly holds: boolean;
  /** What breaks it, a few of them by name. */
  readonly breakers: readonly string[];
}

const NAMED = 8;

/** A claim about things of which none may be there. */
export function none(name: string, breakers: readonly string[]): Claim {
  return {
    name: breakers.length === 0 ? name : `${name} (${breakers.length})`,
    holds: breakers.length === 0,
    breakers: breakers.slice(0, NAMED),
  };
}

/** A claim about something that must have happened so and so often. */
export function atLeast(name: string, wanted: number, found: number): Claim {
  const holds = found >= wanted;
  return { name, holds, breakers: holds ? [] : [`${found}, wanted ${wanted}`] };
}

export interface ShopRun {
  readonly shop: Shop;
  readonly vendor: VendorName;
  readonly orders: readonly Order[];
  readonly evidence: Evidence;
  /** Deliveries the shop's receivers accepted. */
  readonly accepted: readonly Delivery[];
  /** Whether the vendor was told that the merchant has this paid order. */
  readonly isAcknowledged: (orderRef: string) => boolean;
}

/** The key of the question that an effect opens of which nobody knows how it ended. */
const OUTCOME_UNKNOWN = 'effect_outcome_unknown';
const PAID_TWICE = 'second_payment:2';

export function judgeShop(run: ShopRun): readonly Claim[] {
  const { shop, vendor, orders, evidence, accepted, isAcknowledged } = run;
  const byOrder = groupBy(evidence.doings, ({ orderRef }) => orderRef);
  const doingsOf = ({ ref }: Order): readonly Doing[] => byOrder.get(ref) ?? [];
  const stay = orders.filter(({ ends: when }) => when === null);
  // An end that the vendor gave up telling is nobody's to know.
  const ends = new Set(accepted.filter(({ about: what }) => what === 'end').map(({ orderRef }) => orderRef));
  const end = orders.filter(({ ref }) => ends.has(ref));
  const known = new Set(evidence.effects.map(({ key }) => key));
  const doneKeys = new Set(evidence.doings.map(({ key }) => key));
  const names = (list: readonly Order[]): readonly string[] => list.map(({ ref }) => ref);
  const about = `${shop.effectClass} at ${vendor}: `;
  const isAsked = (ref: string, key: string): boolean =>
    evidence.reviews.some((review) => review.orderRef === ref && review.key.startsWith(key));
  // Of the class that is never repeated, an outcome that nobody knows is as good as known once a person is asked.
  const isInPersonsHands = ({ ref }: Order): boolean =>
    shop.effectClass === 'once-or-review' && isAsked(ref, OUTCOME_UNKNOWN);
  const twice = orders.filter(({ paidTwice }) => paidTwice);
  const isExpected = ({ orderRef, key }: Evidence['reviews'][number]): boolean =>
    (shop.effectClass === 'once-or-review' && key.startsWith(OUTCOME_UNKNOWN)) ||
    (key === PAID_TWICE && twice.some(({ ref }) => ref === orderRef));
  return [
    none(
      `${about}0 of ${stay.length} paid orders lost`,
      names(
        stay.filter(
          (order) =>
            !isInPersonsHands(order) &&
            (!isGranted(doingsOf(order)) || evidence.statuses.get(order.ref) !== 'fulfilled'),
        ),
      ),
    ),
    none(
      `${about}0 of ${end.length} ended orders left granted`,
      names(end.filter((order) => isGranted(doingsOf(order)) || !isOver(evidence.statuses.get(order.ref)))),
    ),
    none(`${about}0 effects done twice`, repeated(evidence.doings.map(nameOf))),
    none(`${about}0 effects under two keys`, underTwoKeys(evidence.doings)),
    none(
      `${about}0 effects done of orders that nobody bought or ended`,
      unasked(evidence.doings, stay, orders),
    ),
    none(
      `${about}0 effects done that the kit knows nothing of`,
      evidence.doings.filter(({ key }) => !known.has(key)).map(nameOf),
    ),
    none(
      `${about}0 effects called done that were not`,
      evidence.effects
        .filter(({ state, key }) => state === 'done' && !doneKeys.has(key))
        .map(({ key }) => key),
    ),
    none(`${about}0 effects half done`, evidence.halves),
    none(
      `${about}0 of ${accepted.length} accepted deliveries missing from the inbox`,
      accepted
        .filter(({ messageId, body }) => messageId !== null && evidence.inbox.get(messageId) !== body)
        .map(({ orderRef, messageId }) => `${orderRef} ${messageId ?? ''}`),
    ),
    none(
      `${about}0 of ${twice.length} orders paid twice of which nobody is told`,
      names(twice.filter(({ ref }) => !isAsked(ref, PAID_TWICE))),
    ),
    none(`${about}0 paid orders not acknowledged`, names(stay.filter(({ ref }) => !isAcknowledged(ref)))),
    none(
      `${about}0 orders need a person who should not`,
      evidence.reviews
        .filter((review) => !isExpected(review))
        .map(({ orderRef, key }) => `${orderRef} ${key}`),
    ),
  ];
}

/** What was last done counts: a revocation of what was never granted is none. */
function isGranted(doings: readonly Doing[]): boolean {
  return doings.at(-1)?.kind === 'fulfill';
}

function isOver(status: string | undefined): boolean {
  // `failed`: it ended before it was ever seen to be paid.
  return status === 'ended' || status === 'failed';
}

function nameOf({ orderRef, kind }: Doing): string {
  return `${orderRef} ${kind}`;
}

function repeated(names: readonly string[]): readonly string[] {
  return [...groupBy(names, (name) => name)].filter(([, same]) => same.length > 1).map(([name]) => name);
}

function underTwoKeys(doings: readonly Doing[]): readonly string[] {
  return [...groupBy(doings, nameOf)]
    .filter(([, same]) => new Set(same.map(({ key }) => key)).size > 1)
    .map(([name]) => name);
}

/** Revoked without having ended, or done for nobody's order. */
function unasked(
  doings: readonly Doing[],
  stay: readonly Order[],
  orders: readonly Order[],
): readonly string[] {
  const staying = new Set(stay.map(({ ref }) => ref));
  const known = new Set(orders.map(({ ref }) => ref));
  return doings
    .filter(({ orderRef, kind }) => !known.has(orderRef) || (kind === 'revoke' && staying.has(orderRef)))
    .map(nameOf);
}

function groupBy<Item>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
