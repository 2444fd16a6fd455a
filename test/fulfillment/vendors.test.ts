/** One specification of what a vendor of the kit is, over all three; what is peculiar to one stays in its own tests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChaosVendor, Delivery, VendorName } from '../chaos/vendor.js';
import { ledgerbeeVendor } from '../chaos/vendors/ledgerbee.js';
import { ledyerVendor } from '../chaos/vendors/ledyer.js';
import { siglumeVendor } from '../chaos/vendors/siglume.js';
import { closeServers } from '../support/http.js';
import { VendorShop } from './kit/vendor-shop.js';
import { eventually } from './kit/world.js';

/** What differs, and is to differ. */
interface Peculiar {
  readonly make: () => ChaosVendor | Promise<ChaosVendor>;
  /** Where the page is sent. */
  readonly next: 'frame' | 'wait' | 'redirect';
  readonly accepted: number;
  /** A body that is not the vendor's, and the answer to it. */
  readonly refused: { readonly spoil: (body: string) => string; readonly status: number };
  /** A delivery is a trigger to ask the API, or itself the proof. */
  readonly provenBy: 'api' | 'delivery';
}

const altered = (body: string): string => `${body} `;

const VENDORS: Readonly<Record<VendorName, Peculiar>> = {
  ledgerbee: {
    make: ledgerbeeVendor,
    next: 'frame',
    accepted: 204,
    refused: { spoil: altered, status: 401 },
    provenBy: 'api',
  },
  ledyer: {
    make: ledyerVendor,
    next: 'wait',
    accepted: 200,
    // Nothing is signed: only what has not the vendor's form can be refused.
    refused: { spoil: () => '{"eventType":"com.ledyer.order.create","orderId":"or_1/../2"}', status: 400 },
    provenBy: 'api',
  },
  siglume: {
    make: siglumeVendor,
    next: 'redirect',
    accepted: 204,
    refused: { spoil: altered, status: 401 },
    provenBy: 'delivery',
  },
};

describe.each(Object.entries(VENDORS))('%s', (_, { make, next, accepted, refused, provenBy }) => {
  let vendor: ChaosVendor;
  let shop: VendorShop;
  beforeEach(async () => {
    vendor = await make();
    shop = await VendorShop.open(vendor);
  });
  afterEach(async () => {
    await shop.close();
    await closeServers();
    await vendor.close();
  });

  const accept = async (delivery: Delivery): Promise<void> => {
    expect((await shop.deliver(delivery)).status).toBe(accepted);
  };
  const fulfilled = (order: string): Promise<void> =>
    eventually(async () => (await shop.status(order)) === 'fulfilled');

  it('sells: the page is told where to go, and that the order is fulfilled, which it is once', async () => {
    const begun = await shop.begin('order-1');
    expect(begun.next.type).toBe(next);
    expect((await shop.kit.status(begun.attempt)).status).toMatch(/^(open|pending)$/);
    const [first, second] = vendor.sell('order-1');
    // Each three times, at two processes' worth of workers.
    await Promise.all([first, second, first, second, first, second].map(accept));
    await fulfilled('order-1');
    expect(await shop.kit.status(begun.attempt)).toEqual({ v: 1, status: 'fulfilled' });
    await eventually(() => vendor.isAcknowledged('order-1'));
    await accept(first);
    await shop.kit.tick();
    expect(await shop.world.granted()).toHaveLength(1);
    expect(await shop.kit.kit.reviews.list()).toEqual([]);
  });

  it('hears that its delivery was accepted only after that is committed', async () => {
    await shop.begin('order-1');
    const [delivery] = vendor.sell('order-1');
    const hold = await shop.hold();
    let isAnswered = false;
    const answer = shop.deliver(delivery).finally(() => (isAnswered = true));
    await eventually(hold.isWaitedFor);
    expect(isAnswered).toBe(false);
    await hold.release();
    expect((await answer).status).toBe(accepted);
  });

  it('has what is not its own refused, and nothing of it stored', async () => {
    await shop.begin('order-1');
    const [delivery] = vendor.sell('order-1');
    await eventually(() => shop.isQuiet());
    const before = await shop.stored();
    expect((await shop.deliver(delivery, refused.spoil(delivery.body))).status).toBe(refused.status);
    expect(await shop.stored()).toBe(before);
  });

  it('may speak in any order', async () => {
    for (const order of ['order-1', 'order-2']) await shop.begin(order);
    const inOrder = vendor.sell('order-1');
    const reversed = vendor.sell('order-2').toReversed();
    const ends = vendor.traits.ends ? [vendor.end('order-1'), vendor.end('order-2')] : [];
    const [end1, end2] = ends;
    for (const delivery of [...inOrder, ...(end1 === undefined ? [] : [end1])]) await accept(delivery);
    for (const delivery of [...(end2 === undefined ? [] : [end2]), ...reversed]) await accept(delivery);
    const isOver = (status: string | undefined): boolean =>
      ends.length === 0 ? status === 'fulfilled' : status === 'ended' || status === 'failed';
    for (const order of ['order-1', 'order-2'])
      await eventually(async () => isOver(await shop.status(order)));
    const granted = await shop.world.granted();
    const revoked = await shop.world.granted('revoke');
    for (const order of ['order-1', 'order-2']) {
      const [grants, revocations] = [granted, revoked].map((rows) =>
        rows.filter((row) => row.order_ref === order),
      );
      // Whether it was seen to be paid before it ended or not: what stands is the same.
      expect(grants!.length - revocations!.length).toBe(ends.length === 0 ? 1 : 0);
    }
  });

  it('is told to come again while the database is away, and then nothing was lost', async () => {
    await shop.begin('order-1');
    // A reading that the loss would cut short keeps its lease, and that lasts longer than a test waits.
    await eventually(() => shop.isQuiet());
    const [delivery] = vendor.sell('order-1');
    shop.isDatabaseDown = true;
    const answer = await shop.deliver(delivery);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    shop.isDatabaseDown = false;
    await accept(delivery);
    await fulfilled('order-1');
    expect(await shop.world.granted()).toHaveLength(1);
  });

  it('may be away itself: that delays what only its API can prove, and loses nothing', async () => {
    const { attempt } = await shop.begin('order-1');
    const [delivery] = vendor.sell('order-1');
    shop.isApiDown = true;
    await accept(delivery);
    await shop.kit.tick();
    if (provenBy === 'api') {
      expect((await shop.kit.status(attempt)).status).toMatch(/^(open|pending)$/);
      expect(await shop.world.granted()).toEqual([]);
      shop.isApiDown = false;
    }
    await fulfilled('order-1');
    expect(await shop.world.granted()).toHaveLength(1);
  });

  it('may speak of what nobody here knows: that is accepted, grants nothing, and waits for whoever does', async () => {
    // Another shop of the same merchant's, which sends its deliveries here.
    const other = await VendorShop.open(vendor);
    try {
      await other.begin('order-9');
      const [delivery] = vendor.sell('order-9');
      await accept(delivery);
      await accept(delivery);
      await shop.kit.tick();
      expect(await shop.world.granted()).toEqual([]);
      expect(await shop.status('order-9')).not.toBe('fulfilled');
    } finally {
      await other.close();
    }
  });
});
