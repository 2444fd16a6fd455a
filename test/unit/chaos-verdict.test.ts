/** The chaos suite's own eyes: each way to lose or repeat an order breaks the claim about it, and only that. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../chaos/evidence.js';
import type { Order } from '../chaos/orders.js';
import { SHOPS } from '../chaos/shops.js';
import type { Delivery } from '../chaos/vendor.js';
import { atLeast, judgeShop, type ShopRun } from '../chaos/verdict.js';

const [shop] = SHOPS;
const stays: Order = {
  ref: 'sql-1',
  shop,
  vendor: 'ledgerbee',
  deliveries: 2,
  startedLate: false,
  ends: null,
  paidTwice: false,
};
const ends: Order = { ...stays, ref: 'sql-2', ends: 'soon' };

const delivery = (messageId: string, orderRef: string, about: Delivery['about']): Delivery => ({
  messageId,
  orderRef,
  about,
  body: `body of ${messageId}`,
  headers: () => ({}),
});
const accepted = [delivery('m1', 'sql-1', 'payment'), delivery('m2', 'sql-2', 'end')];

const fulfilled = { orderRef: 'sql-1', kind: 'fulfill', key: 'sql-1:fulfill:' } as const;
const granted = { orderRef: 'sql-2', kind: 'fulfill', key: 'sql-2:fulfill:' } as const;
const revoked = { orderRef: 'sql-2', kind: 'revoke', key: 'sql-2:revoke:' } as const;

const good: Evidence = {
  statuses: new Map([
    ['sql-1', 'fulfilled'],
    ['sql-2', 'ended'],
  ]),
  doings: [fulfilled, granted, revoked],
  effects: [fulfilled, granted, revoked].map(({ key }) => ({ key, state: 'done' })),
  inbox: new Map(accepted.map(({ messageId, body }) => [messageId ?? '', body])),
  foundByReconcile: 0,
  reviews: [],
  halves: [],
};

const run: ShopRun = {
  ...{ shop, vendor: 'ledgerbee', orders: [stays, ends], evidence: good, accepted },
  isAcknowledged: () => true,
};

function broken(evidence: Partial<Evidence>): readonly string[] {
  const claims = judgeShop({ ...run, evidence: { ...good, ...evidence } });
  return claims
    .filter(({ holds }) => !holds)
    .map(({ name }) => name.replace(/^transaction at ledgerbee: | \(\d+\)$/g, ''));
}

describe('the verdict of the chaos suite', () => {
  it('holds when everything was done once', () => {
    expect(broken({})).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, readonly string[]]>([
    [
      'a paid order that nobody fulfilled',
      { doings: [granted, revoked], effects: good.effects.slice(1) },
      ['0 of 1 paid orders lost'],
    ],
    [
      'an order that was fulfilled and not told so',
      { statuses: new Map([...good.statuses, ['sql-1', 'processing']]) },
      ['0 of 1 paid orders lost'],
    ],
    [
      'an effect called done that was not',
      { doings: [granted, revoked] },
      ['0 of 1 paid orders lost', '0 effects called done that were not'],
    ],
    [
      'an end that took nothing back',
      { doings: [fulfilled, granted], effects: good.effects.slice(0, 2) },
      ['0 of 1 ended orders left granted'],
    ],
    [
      'a grant after its revocation',
      { doings: [fulfilled, revoked, granted] },
      ['0 of 1 ended orders left granted'],
    ],
    ['an effect done twice', { doings: [fulfilled, ...good.doings] }, ['0 effects done twice']],
    [
      'an effect under two keys',
      { doings: [...good.doings, { ...revoked, key: 'sql-2:revoke:1' }] },
      ['0 effects done twice', '0 effects under two keys', '0 effects done that the kit knows nothing of'],
    ],
    [
      'a revocation of what never ended',
      {
        doings: [{ ...fulfilled, kind: 'revoke', key: 'sql-1:revoke:' }, ...good.doings],
        effects: [...good.effects, { key: 'sql-1:revoke:', state: 'done' }],
      },
      ['0 effects done of orders that nobody bought or ended'],
    ],
    [
      'an accepted delivery that is not in the inbox',
      { inbox: new Map([...good.inbox].slice(1)) },
      ['0 of 2 accepted deliveries missing from the inbox'],
    ],
    [
      'a delivery kept with other bytes',
      { inbox: new Map([...good.inbox, ['m1', 'changed']]) },
      ['0 of 2 accepted deliveries missing from the inbox'],
    ],
    ['half an effect', { halves: ['sql-1:fulfill:'] }, ['0 effects half done']],
    [
      'a question that nobody should have to answer',
      { reviews: [{ orderRef: 'sql-1', key: 'x' }] },
      ['0 orders need a person who should not'],
    ],
  ])('is broken by %s', (_, evidence, claims) => {
    expect(broken(evidence)).toEqual(claims);
  });

  it('is broken by a paid order of which the vendor was not told', () => {
    const claims = judgeShop({ ...run, isAcknowledged: (ref) => ref !== 'sql-1' });
    expect(claims.filter(({ holds }) => !holds)).toMatchObject([{ breakers: ['sql-1'] }]);
  });

  it('wants a person told of an order that was paid twice, and of no other', () => {
    const orders = [{ ...stays, paidTwice: true }, ends];
    const asked = { orderRef: 'sql-1', key: 'second_payment:2' };
    const brokenBy = (orders: ShopRun['orders'], reviews: Evidence['reviews']): readonly string[] =>
      judgeShop({ ...run, orders, evidence: { ...good, reviews } }).flatMap(({ breakers }) => breakers);
    expect(brokenBy(orders, [asked])).toEqual([]);
    expect(brokenBy(orders, [])).toEqual(['sql-1']);
    expect(brokenBy([stays, ends], [asked])).toEqual(['sql-1 second_payment:2']);
  });

  it('takes an outcome that nobody knows for a person’s, in the class that is never repeated alone', () => {
    const lost = { doings: [granted, revoked], effects: good.effects.slice(1) };
    const reviews = [{ orderRef: 'sql-1', key: 'effect_outcome_unknown:fulfill::1' }];
    const once = SHOPS.find(({ effectClass }) => effectClass === 'once-or-review')!;
    const brokenIn = (shop: ShopRun['shop'], evidence: Partial<Evidence>): readonly string[] =>
      judgeShop({ ...run, shop, evidence: { ...good, ...evidence } }).flatMap(({ breakers }) => breakers);
    expect(brokenIn(once, { ...lost, reviews })).toEqual([]);
    expect(brokenIn(once, lost)).toEqual(['sql-1']);
    expect(brokenIn(shop, { ...lost, reviews })).toEqual([
      'sql-1',
      'sql-1 effect_outcome_unknown:fulfill::1',
    ]);
  });

  it('does not blame the kit for an end of which the vendor gave up telling', () => {
    const claims = judgeShop({
      ...run,
      evidence: { ...good, doings: [fulfilled, granted], effects: good.effects.slice(0, 2) },
      accepted: accepted.slice(0, 1),
    });
    expect(claims.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('counts a fault that never came as a failure of the harness', () => {
    expect(atLeast('processes killed', 1, 0)).toMatchObject({ holds: false, breakers: ['0, wanted 1'] });
  });
});
