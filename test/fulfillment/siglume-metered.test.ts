import {
  createManualClock,
  createSiglumeSandbox,
  type ManualClock,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeteredUsage } from '../../src/fulfillment/vendors/siglume/index.js';
import { closeServers, listen } from '../support/http.js';
import { startReceiver, type Receiver } from './sandbox/receiver.js';
import { buy, call, edgeFor, openSession, SHOP } from './sandbox/siglume-client.js';

const PROVIDER = '/sdrp/metered/provider';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const never = new AbortController().signal;

let clock: ManualClock;
let receiver: Receiver;
let sandbox: SiglumeSandbox;
let bought = 0;

beforeEach(async () => {
  clock = createManualClock();
  receiver = await startReceiver();
  sandbox = await createSiglumeSandbox({ returnOrigins: [SHOP], webhook: { url: receiver.url }, clock });
  sandbox.assumptions.set('spentEvent', false);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
  await closeServers();
});

/** A small payment by `buyer`. */
const buySmall = (amountMinor = 100, buyer = 'aoi@buyer.example'): Promise<string> =>
  buy(sandbox, { amount_minor: amountMinor, nonce: `small-${(bought += 1)}` }, buyer);

const modes = (): unknown[] =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { data: { mode: unknown } }).data.mode);
const statuses = (): unknown[] => sandbox.metered.batches().map(({ status }) => status);

async function usages(): Promise<readonly MeteredUsage[]> {
  const found: MeteredUsage[] = [];
  for await (const usage of edgeFor(sandbox).listUsages(never)) found.push(usage);
  return found;
}

describe('a small payment', () => {
  it.each([
    [100, 'micro', 'weekly', '2', '98'],
    [49, 'nano', 'monthly', '0.2', '48.8'],
  ])(
    'of %i yen is accepted, not settled, and costs its fee to the tenth',
    async (amount, band, cadence, fee, net) => {
      await buySmall(amount);
      expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
        data: {
          mode: 'external_402',
          pricing_band: band,
          settlement_cadence: cadence,
          finality: 'aggregated_onchain_settlement',
          settlement_status: 'pending_settlement',
          protocol_fee_minor: fee,
          provider_receivable_minor: net,
        },
      });
      const edge = edgeFor(sandbox);
      const { body, headers } = receiver.received[0]!;
      expect(edge.decode(edge.verify(Buffer.from(body), new Headers(headers), clock.now()))).toMatchObject({
        kind: 'metered',
        pricingBand: band,
      });
      expect(await usages()).toMatchObject([
        { status: 'pending_settlement', batchId: null, feeMinor: fee, receivableMinor: net, addsUp: true },
      ]);
    },
  );

  it('gathers with the buyer’s others until its week is over, and is debited three days after', async () => {
    await buySmall(100);
    await buySmall(200);
    await buySmall(300, 'ken@buyer.example');
    clock.advance(7 * DAY_MS);
    expect(sandbox.metered.batches()).toMatchObject([
      { status: 'ready', grossMinor: 300, trigger: 'scheduled_close' },
      { status: 'ready', grossMinor: 300, trigger: 'scheduled_close' },
    ]);
    clock.advance(3 * DAY_MS - 1);
    expect(statuses()).toEqual(['ready', 'ready']);
    clock.advance(1);
    await sandbox.idle();
    expect(statuses()).toEqual(['settled', 'settled']);
    expect(modes().slice(3)).toEqual(['metered_settlement_batch', 'metered_settlement_batch']);
  });

  it('settles early at the threshold, the one that crosses it included', async () => {
    for (let count = 0; count < 20; count += 1) await buySmall(500);
    expect(sandbox.metered.batches()).toMatchObject([{ grossMinor: 10_000, trigger: 'amount_threshold' }]);
  });

  it('is refused, uncharged, while the buyer’s earlier ones are over the threshold', async () => {
    for (let count = 0; count < 20; count += 1) await buySmall(500);
    const id = await openSession(sandbox, { amount_minor: 500, nonce: 'one-more' });
    expect(() => sandbox.sessions.act(id, 'buy')).toThrow(
      expect.objectContaining({ code: 'METERED_SETTLEMENT_PAST_DUE' }),
    );
    expect(sandbox.metered.usages()).toHaveLength(20);
    // Another buyer, another band and a standard payment are not in that scope.
    await buySmall(500, 'ken@buyer.example');
    await buySmall(10);
    await buy(sandbox, { nonce: 'standard' });
    sandbox.metered.act(sandbox.metered.batches()[0]!.id, 'settle');
    sandbox.sessions.act(id, 'pay');
    expect(sandbox.payments.list()).toHaveLength(24);
  });

  it('is refused while an earlier debit has failed', async () => {
    await buySmall();
    const [batch] = sandbox.metered.closePeriods();
    sandbox.metered.act(batch!.id, 'fail');
    const refused = expect.objectContaining({ code: 'METERED_SETTLEMENT_PAST_DUE' }) as Error;
    await expect(buySmall()).rejects.toThrow(refused);
    sandbox.metered.act(batch!.id, 'written_off');
    await buySmall();
    expect(sandbox.metered.usages()).toHaveLength(2);
  });
});

describe('a batch', () => {
  const close = async (): Promise<string> => {
    await buySmall();
    return sandbox.metered.closePeriods()[0]!.id;
  };

  it('is announced when it settles, naming itself and none of its payments', async () => {
    const id = await close();
    sandbox.metered.act(id, 'settle');
    await sandbox.idle();
    const edge = edgeFor(sandbox);
    const { body, headers } = receiver.received[1]!;
    expect(edge.decode(edge.verify(Buffer.from(body), new Headers(headers), clock.now()))).toMatchObject({
      kind: 'batch',
      settlementBatchId: id,
    });
    expect(body).not.toContain(sandbox.metered.usages()[0]!.requirementId);
  });

  it('whose debit fails is tried again every six hours, 28 times, and is past due then', async () => {
    sandbox.faults.set('debit-fails', true);
    await close();
    clock.advance(72 * HOUR_MS);
    expect(statuses()).toEqual(['failed']);
    clock.advance(28 * 6 * HOUR_MS);
    expect(sandbox.metered.batches()).toMatchObject([{ status: 'past_due', failures: 29 }]);
    sandbox.faults.reset();
    clock.advance(30 * DAY_MS);
    expect(statuses()).toEqual(['past_due']);
  });

  it('settles on a later try', async () => {
    sandbox.faults.set('debit-fails', { times: 2 });
    await close();
    clock.advance(72 * HOUR_MS + 12 * HOUR_MS);
    expect(statuses()).toEqual(['settled']);
  });

  it('is not debited before its buyer had notice', async () => {
    sandbox.faults.set('notice-fails', { times: 1 });
    await close();
    expect(statuses()).toEqual(['notice_delivery_failed']);
    clock.advance(6 * HOUR_MS);
    expect(statuses()).toEqual(['ready']);
    clock.advance(72 * HOUR_MS);
    expect(statuses()).toEqual(['settled']);
  });

  it('that was sent is not sent again before its result is known', async () => {
    sandbox.metered.act(await close(), 'submitted');
    clock.advance(30 * DAY_MS);
    expect(statuses()).toEqual(['submitted']);
  });

  it.each(['uncollectible', 'written_off'] as const)('that is %s stays so', async (verdict) => {
    const id = await close();
    sandbox.metered.act(id, 'past_due');
    sandbox.metered.act(id, verdict);
    expect(() => sandbox.metered.act(id, 'settle')).toThrow(RangeError);
    clock.advance(365 * DAY_MS);
    expect(statuses()).toEqual([verdict]);
    await sandbox.idle();
    expect(modes()).toEqual(['external_402']);
  });
});

describe('the statements', () => {
  it('tell each state of a batch, and our side what it means', async () => {
    const edge = edgeFor(sandbox);
    await buySmall();
    const { id } = sandbox.metered.closePeriods()[0]!;
    const standing = async () => (await edge.readBatch(id, never))?.standing;
    expect(await standing()).toBe('open');
    sandbox.metered.act(id, 'fail');
    expect(await standing()).toBe('open');
    sandbox.metered.act(id, 'past_due');
    expect(await standing()).toBe('stuck');
    sandbox.metered.act(id, 'submitted');
    expect(await standing()).toBe('open');
    sandbox.metered.act(id, 'settle');
    expect(await edge.readBatch(id, never)).toMatchObject({
      standing: 'settled',
      chainReceiptId: expect.stringMatching(/^chain_/) as string,
    });
    expect(await usages()).toMatchObject([{ status: 'settled', batchId: id }]);
  });

  it.each(['uncollectible', 'written_off'] as const)('tell that a batch is %s', async (verdict) => {
    await buySmall();
    const { id } = sandbox.metered.closePeriods()[0]!;
    const read = async () => (await call(sandbox, `${PROVIDER}/settlement-batches/${id}`)).data;
    sandbox.metered.act(id, 'past_due');
    expect(await read()).toMatchObject({ terminal_status: null, terminal_marked_at: null });
    sandbox.metered.act(id, verdict);
    const markedAt = new Date(clock.now()).toISOString();
    expect(await read()).toMatchObject({ terminal_status: verdict, terminal_marked_at: markedAt });
    expect((await edgeFor(sandbox).readBatch(id, never))?.standing).toBe(verdict);
    expect(await usages()).toMatchObject([{ status: 'pending_settlement' }]);
  });

  it('join a usage to its payment, where they name it', async () => {
    await buySmall();
    const [payment] = sandbox.payments.list();
    expect(await usages()).toMatchObject([{ requirementId: payment!.requirementId }]);
    sandbox.assumptions.set('usageNamesRequirement', false);
    expect(await usages()).toMatchObject([{ requirementId: null }]);
  });

  it('come page by page, each usage once', async () => {
    for (let count = 0; count < 5; count += 1) await buySmall(50 + count);
    const seen: unknown[] = [];
    let cursor: unknown = '';
    do {
      const more: string = cursor === '' ? '' : `&cursor=${String(cursor)}`;
      const { data } = await call(sandbox, `${PROVIDER}/usage-events?limit=2${more}`);
      seen.push(...(data['items'] as unknown[]));
      cursor = data['next_cursor'];
    } while (cursor !== null);
    expect(seen).toHaveLength(5);
    expect((await call(sandbox, `${PROVIDER}/usage-events?limit=501`)).status).toBe(422);
    expect((await call(sandbox, `${PROVIDER}/usage-events?cursor=x`)).status).toBe(422);
    const nano = await call(sandbox, `${PROVIDER}/usage-events?plan_type=nano`);
    expect(nano.data['items']).toEqual([]);
  });

  it('sum up what has come, what is to come and what will not', async () => {
    await buySmall(100);
    await buySmall(200, 'ken@buyer.example');
    const [first, second] = sandbox.metered.closePeriods();
    sandbox.metered.act(first!.id, 'settle');
    sandbox.metered.act(second!.id, 'written_off');
    const { data } = await call(sandbox, `${PROVIDER}/summary`);
    expect(data['totals']).toMatchObject({
      settled_provider_receivable_minor: '98',
      unsettled_provider_receivable_minor: '0',
      written_off_provider_receivable_minor: '198',
    });
  });

  it('never say who the buyer is', async () => {
    await buySmall(100, 'aoi@secret.example');
    const [batch] = sandbox.metered.closePeriods();
    const paths = [
      'summary',
      'usage-events',
      'settlement-batches',
      `settlement-batches/${batch!.id}/usage-events.csv`,
    ];
    for (const path of paths) {
      const { status, text } = await call(sandbox, `${PROVIDER}/${path}`);
      expect(status).toBe(200);
      expect(text).toContain('bpr_');
      expect(text).not.toContain('aoi@secret.example');
    }
  });

  it('of a batch nobody knows are none', async () => {
    expect(await edgeFor(sandbox).readBatch('msb_none', never)).toBeNull();
    expect(await edgeFor(sandbox).readBatch('../summary', never)).toBeNull();
  });

  it.each([
    ['no list', { items: null }],
    ['a usage without its amounts', { items: [{ metered_usage_id: 'mu_1', status: 'x', currency: 'JPY' }] }],
  ])('with %s are refused', async (_, data) => {
    const api = await listen((_, res) => res.end(JSON.stringify({ data })));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    await expect(edge.listUsages(never).next()).rejects.toMatchObject({ code: 'unreadable-answer' });
  });

  it('that go round in a circle end', async () => {
    const api = await listen((_, res) => res.end('{"data":{"items":[],"next_cursor":"again"}}'));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    await expect(edge.listUsages(never).next()).rejects.toMatchObject({ code: 'unreadable-answer' });
  });

  it('that do not add up are marked', async () => {
    const usage = {
      metered_usage_id: 'mu_1',
      status: 'settled',
      currency: 'JPY',
      provider_gross_amount_minor: '100',
      protocol_fee_minor: '2',
      provider_receivable_minor: '98.000000000000000001',
    };
    const api = await listen((_, res) => res.end(JSON.stringify({ data: { items: [usage] } })));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    expect((await edge.listUsages(never).next()).value).toMatchObject({ addsUp: false });
  });
});
