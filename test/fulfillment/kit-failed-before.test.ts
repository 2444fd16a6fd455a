/** An order that failed may be bought again: what failed before is no verdict on the try that follows. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INITIAL_REDIRECT, moveRedirect } from '../../src/core/redirect-machine.js';
import type { AttemptHandle, OrderStatus, StatusAnswer } from '../../src/protocol/index.js';
import { EventReader } from './kit/event-reader.js';
import { LedyerShop } from './kit/ledyer-shop.js';
import { MINUTE, SiglumeShop } from './kit/siglume-shop.js';
import { World, type Caller } from './kit/world.js';

const DAY = 24 * 60 * MINUTE;

describe('in a frame, where the first subscription ended without ever granting', () => {
  let world: World;
  let kit: Caller;
  let attempt: AttemptHandle;
  beforeEach(async () => {
    world = await World.create();
    kit = await world.kit();
    ({ attempt } = await kit.start('order-1'));
    await kit.bindToken(attempt);
    await kit.signal(attempt, 'confirmed');
    await hears('sub-1', 'awaiting');
    world.pass(60 * MINUTE);
    await hears('sub-1', 'ended');
    world.pass(MINUTE);
  });
  afterEach(() => world.close());

  const status = async (of = attempt): Promise<OrderStatus> => (await kit.status(of)).status;
  /** The vendor says it and sends a webhook, and all is read. */
  const hears = async (subject: string, access: 'awaiting' | 'ended' | 'granted'): Promise<void> => {
    world.vendor.sells({ subject, reference: 'order-1', access, vendorStatus: access });
    await kit.deliver({ id: `${subject}-${access}`, subject, reference: 'order-1' });
    await kit.tick();
  };
  const offered = async (buyer: string): Promise<boolean> =>
    (await kit.start('order-1', { buyer })).next.type === 'frame';

  it('is failed, and may be bought again by whoever starts', async () => {
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'failed' });
    expect(await offered('ada')).toBe(true);
    expect(await offered('bob')).toBe(true);
  });

  it.each(['confirmed', 'pending'] as const)(
    'answers `open` once %j was heard after that, and offers nobody another checkout',
    async (kind) => {
      await kit.signal(attempt, kind);
      expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
      expect((await kit.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 1000 });
      const bob = await kit.start('order-1', { buyer: 'bob' });
      expect(bob.next).toEqual({ type: 'wait', retryAfterMs: 1000 });
      // Also to a page of another device, and to the one whose attempt that device ended.
      expect(await status(bob.attempt)).toBe('open');
      expect(await status()).toBe('open');
      expect((await kit.order('order-1')).status).toBe('failed');
    },
  );

  it('answers `open` to the page that came back as paid, and leaves the offer as it was', async () => {
    await kit.signal(attempt, 'returned');
    expect(await status()).toBe('open');
    const bob = await kit.start('order-1', { buyer: 'bob' });
    expect(bob.next.type).toBe('frame');
  });

  it.each(['initiated', 'error', 'closed', 'away'] as const)(
    'stays failed when %j was heard',
    async (kind) => {
      await kit.signal(attempt, kind);
      expect(await status()).toBe('failed');
      expect(await offered('ada')).toBe(true);
    },
  );

  it('answers `open` from the next bind token on, before its page has said a word', async () => {
    await kit.bindToken(attempt);
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
    expect(await offered('ada')).toBe(true);
  });

  it('answers `open` to an attempt that was opened after it', async () => {
    const bob = await kit.start('order-1', { buyer: 'bob' });
    expect(await status(bob.attempt)).toBe('open');
    expect(await status()).toBe('failed');
  });

  it('never says that it may be tried again', async () => {
    await kit.bindToken(attempt);
    await kit.signal(attempt, 'confirmed');
    world.vendor.subjects.clear();
    for (let round = 0; round < 4; round += 1) {
      world.pass(20_000);
      await kit.tick();
    }
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
  });

  it('is followed by the second subscription’s own fate', async () => {
    await kit.bindToken(attempt);
    await kit.signal(attempt, 'confirmed');
    await hears('sub-2', 'awaiting');
    expect(await status()).toBe('pending');
    await hears('sub-2', 'granted');
    expect(await status()).toBe('fulfilled');
    expect(await world.granted()).toHaveLength(1);
  });

  it('is failed again when the second one has ended too', async () => {
    await kit.bindToken(attempt);
    await kit.signal(attempt, 'confirmed');
    world.pass(MINUTE);
    await hears('sub-2', 'ended');
    expect(await status()).toBe('failed');
    expect(await offered('bob')).toBe(true);
  });

  it('is failed again when the second one was found ended already: no status moves by it', async () => {
    await kit.bindToken(attempt);
    await kit.signal(attempt, 'confirmed');
    world.vendor.sells({
      subject: 'sub-2',
      reference: 'order-1',
      access: 'ended',
      vendorStatus: 'cancelled',
    });
    world.pass(1000);
    expect(await status()).toBe('open');
    await kit.tick();
    expect((await kit.order('order-1')).transitions[0]).toMatchObject({ to: 'failed' });
    expect(await status()).toBe('failed');
    expect(await offered('bob')).toBe(true);
  });

  it('is not failed again by another word about the first one', async () => {
    await kit.signal(attempt, 'confirmed');
    world.pass(1000);
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended', vendorStatus: 'expired' });
    await kit.deliver({ id: 'again', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    await kit.tick();
    expect((await kit.order('order-1')).facts.filter(({ kind }) => kind === 'observed')).toHaveLength(3);
    expect(await status()).toBe('open');
    expect(await offered('bob')).toBe(false);
  });

  it('waits no longer than the vendor is asked: two weeks after the last that was heard', async () => {
    await kit.signal(attempt, 'confirmed');
    const heardAt = world.now;
    // The tokens of the pages are good for a day.
    const asked = async (): Promise<OrderStatus> => {
      const later = await kit.start('order-1');
      return status(later.attempt);
    };
    while (world.now < heardAt + 14 * DAY - 1) {
      world.now = Math.min(world.now + DAY, heardAt + 14 * DAY - 1);
      await kit.tick();
    }
    expect(await asked()).toBe('open');
    expect(await offered('bob')).toBe(false);
    world.pass(1);
    const bob = await kit.start('order-1', { buyer: 'bob' });
    expect(bob.next.type).toBe('frame');
  });

  it('a late word of the first try waits as long, and no longer', async () => {
    await kit.signal(attempt, 'pending');
    expect(await status()).toBe('open');
    world.pass(14 * DAY);
    expect(await offered('bob')).toBe(true);
  });

  it('a stream that said failed says `open` as soon as the confirmation is here', async () => {
    // No tick of its own comes in time.
    const watching = await world.kit({ schedule: { statusIntervalMs: 3600_000 } });
    const events = new EventReader(await watching.about(attempt, '/events'));
    expect(await events.next()).toEqual({ v: 1, status: 'failed' });
    await watching.signal(attempt, 'confirmed');
    expect(await events.next()).toEqual({ v: 1, status: 'open' });
    await events.cancel();
  });

  it('a poll that knows the failure by its tag gets the new answer', async () => {
    const etag = (await kit.about(attempt, '')).headers.get('etag') ?? '';
    await kit.signal(attempt, 'confirmed');
    const changed = await kit.about(attempt, '', { headers: { 'if-none-match': etag } });
    expect([changed.status, await changed.json()]).toEqual([200, { v: 1, status: 'open' }]);
  });

  it('what was read by a kit that noted no times fails as before, and is doubted by what is heard', async () => {
    await world.pool.query(`UPDATE ${world.schema}.subjects SET first_read_at = NULL`);
    expect(await status()).toBe('failed');
    await kit.signal(attempt, 'confirmed');
    expect(await status()).toBe('open');
  });
});

describe('in a frame, where a person turned the purchase down', () => {
  it('a page that only asked meanwhile, with nothing to buy with, is told so', async () => {
    const world = await World.create();
    const kit = await world.kit();
    await kit.start('order-1', { plan: 'plan-pro' });
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', planId: 'plan-other' });
    await kit.deliver({ id: 'm1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    world.pass(MINUTE);
    const { attempt, next } = await kit.start('order-1', { plan: 'plan-pro', buyer: 'bob' });
    expect(next.type).toBe('wait');
    expect((await kit.status(attempt)).status).toBe('review');
    world.pass(MINUTE);
    const [review] = await kit.kit.reviews.list({ open: true });
    await kit.kit.reviews.resolve(review!, { resolution: 'reject', by: 'test' });
    expect((await kit.status(attempt)).status).toBe('failed');
    await world.close();
  });
});

describe('in a frame, where a second try began while the first subscription was still awaited', () => {
  it('the end of the first is no verdict on the second, though it comes after its confirmation', async () => {
    const world = await World.create();
    const kit = await world.kit();
    const { attempt } = await kit.start('order-1');
    await kit.bindToken(attempt);
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'awaiting' });
    await kit.deliver({ id: 'm1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    world.pass(MINUTE);
    // The buyer left the first at the bank's, and pays by another card.
    expect((await kit.start('order-1')).next.type).toBe('frame');
    await kit.bindToken(attempt);
    world.pass(MINUTE);
    await kit.signal(attempt, 'confirmed');
    world.pass(1000);
    world.vendor.onList = () => Promise.reject(new Error('away'));
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended' });
    await kit.deliver({ id: 'm2', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('failed');
    expect((await kit.status(attempt)).status).toBe('open');
    expect((await kit.start('order-1', { buyer: 'bob' })).next.type).toBe('wait');
    await world.close();
  });
});

describe('at a hosted checkout, where a payment before was turned down', () => {
  let shop: SiglumeShop;
  beforeEach(async () => {
    shop = await SiglumeShop.open();
  });
  afterEach(() => shop.close());

  const refuse = async (): Promise<void> => {
    const [review] = await shop.kit.kit.reviews.list({ open: true });
    await shop.kit.kit.reviews.resolve(review!, { resolution: 'reject', by: 'test' });
    expect((await shop.order('order-1')).status).toBe('failed');
  };
  /** What `<checkout-redirect>` makes of an answer, for a buyer who came back as paid. */
  const shows = (answer: StatusAnswer) =>
    moveRedirect(moveRedirect(INITIAL_REDIRECT, { type: 'returned', as: 'paid' }), {
      type: 'answer',
      answer,
    });

  it('another one that was just paid is not told so', async () => {
    shop.sandbox.faults.set('webhook-wrong-amount', { times: 1 });
    const first = await shop.redirect('order-1');
    await shop.buy(first.url);
    await refuse();
    shop.pass(MINUTE);
    const second = await shop.redirect('order-1');
    expect(second.attempt.id).not.toBe(first.attempt.id);
    shop.sandbox.faults.set('webhook-late', { times: 1 });
    await shop.buy(second.url);
    expect((await shop.status(first.attempt)).status).toBe('failed');
    const answer = await shop.status(second.attempt);
    expect(answer).toEqual({ v: 1, status: 'open' });
    expect(shows(answer)).toMatchObject({ state: 'settling', heard: true });

    shop.pass(2 * MINUTE);
    await shop.kit.tick();
    expect((await shop.status(second.attempt)).status).toBe('pending');
    shop.pass(40 * MINUTE);
    await shop.sandbox.idle();
    await shop.kit.tick();
    expect((await shop.status(second.attempt)).status).toBe('fulfilled');
  });

  it('one whose payment nobody could prove, and a person turned down, is told so', async () => {
    shop.sandbox.faults.set('webhook-lost', true);
    const { attempt, url } = await shop.redirect('order-1');
    await shop.buy(url);
    for (const minutes of [2, 2, 10, 30]) {
      shop.pass(minutes * MINUTE);
      await shop.kit.tick();
    }
    await refuse();
    expect((await shop.status(attempt)).status).toBe('failed');
  });

  it('another one that is over is told so', async () => {
    shop.sandbox.faults.set('webhook-wrong-amount', { times: 1 });
    await shop.buy((await shop.redirect('order-1')).url);
    await refuse();
    shop.pass(MINUTE);
    const second = await shop.redirect('order-1');
    expect((await shop.status(second.attempt)).status).toBe('open');
    shop.sandbox.sessions.act(shop.sessionOf(second.url), 'cancel');
    expect((await shop.status(second.attempt)).status).toBe('open');
    shop.pass(2 * MINUTE);
    await shop.kit.tick();
    expect((await shop.status(second.attempt)).status).toBe('failed');
  });

  it('another one whose payment was turned down too is told so', async () => {
    shop.sandbox.faults.set('webhook-wrong-amount', { times: 2 });
    await shop.buy((await shop.redirect('order-1')).url);
    await refuse();
    shop.pass(MINUTE);
    const second = await shop.redirect('order-1');
    await shop.buy(second.url);
    expect((await shop.status(second.attempt)).status).toBe('review');
    await refuse();
    expect((await shop.status(second.attempt)).status).toBe('failed');
  });

  it('one that a start of somebody else ended is told so only once it is known to be over', async () => {
    shop.sandbox.faults.set('webhook-wrong-amount', { times: 1 });
    await shop.buy((await shop.redirect('order-1')).url);
    await refuse();
    shop.pass(MINUTE);
    const second = await shop.redirect('order-1');
    shop.prices.set('order-1', { amountMinor: 1300, currency: 'JPY' });
    const third = await shop.redirect('order-1');
    for (const { attempt } of [second, third]) expect((await shop.status(attempt)).status).toBe('open');
    shop.sandbox.sessions.act(shop.sessionOf(second.url), 'cancel');
    shop.pass(2 * MINUTE);
    await shop.kit.tick();
    expect((await shop.status(second.attempt)).status).toBe('failed');
    expect((await shop.status(third.attempt)).status).toBe('open');
  });
});

describe('at Ledyer, where the session before was cancelled', () => {
  let shop: LedyerShop;
  beforeEach(async () => {
    shop = await LedyerShop.open();
    await sellInVain();
    expect(await shop.status('order-1')).toBe('failed');
    await shop.pass();
  });
  afterEach(() => shop.close());

  const sellInVain = async (): Promise<void> => {
    const { sessionId } = await shop.sell('order-1');
    shop.sandbox.acts.expire(sessionId);
    await shop.pass();
  };
  const asked = async (): Promise<OrderStatus> => {
    const { attempt } = (await (await shop.start('order-1')).json()) as { attempt: AttemptHandle };
    return (await shop.kit.status(attempt)).status;
  };

  it('a page that comes to ask is told so', async () => {
    expect(await asked()).toBe('failed');
  });

  it('another one is not told so before it was read', async () => {
    await shop.sell('order-1');
    expect(await asked()).toBe('open');
    await shop.settle();
    expect(await asked()).not.toBe('failed');
  });

  it('another one that was cancelled too is told so', async () => {
    await sellInVain();
    expect(await asked()).toBe('failed');
  });
});
