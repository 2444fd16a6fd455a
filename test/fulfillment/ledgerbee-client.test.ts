import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, LedgerBeeStub, never, refusal, subscription } from '../support/ledgerbee-api.js';

let api: LedgerBeeStub;

beforeEach(async () => {
  api = await LedgerBeeStub.start();
});
afterEach(() => api.stop());

describe('fetchSubject', () => {
  it('reads one subscription with the API key', async () => {
    api.answers = [json(200, subscription())];
    expect(await api.adapter().fetchSubject('sub-1', never)).toEqual({
      subject: 'sub-1',
      reference: 'order-1',
      access: 'granted',
      vendorStatus: 'active',
      planId: 'plan-1',
      customerId: 'customer-1',
    });
    expect(api.seen).toMatchObject([{ method: 'GET', headers: { 'x-api-key': 'fake-api-key' } }]);
    expect(api.seen[0]?.url.pathname).toBe('/api/v1/subscriptions/sub-1');
    expect(api.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('passes over fields it was never told of, and takes absent ids for none', async () => {
    api.answers = [json(200, { id: 'sub-1', status: 'brand_new', added: true })];
    expect(await api.adapter().fetchSubject('sub-1', never)).toMatchObject({
      access: 'unknown',
      vendorStatus: 'brand_new',
      reference: null,
      planId: null,
      customerId: null,
    });
  });

  it('answers null for what the vendor does not know', async () => {
    api.answers = [json(404, refusal(404, 'SUBSCRIPTION_NOT_FOUND'))];
    expect(await api.adapter().fetchSubject('sub-1', never)).toBeNull();
  });

  it("does not take a stranger's 404 for the vendor's", async () => {
    api.answers = [json(404, { error: 'no such route in this proxy' })];
    await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'rejected',
      status: 404,
    });
  });

  it.each(['../customers', 'a/b', 'a?b', 'a#b', '', '.', '..', '%2e%2e', 'a b', 'æ'])(
    'puts no %j into a URL',
    async (subject) => {
      expect(await api.adapter().fetchSubject(subject, never)).toBeNull();
      expect(api.seen).toEqual([]);
    },
  );

  it.each<[string, unknown]>([
    ['another subscription', subscription({ id: 'sub-2' })],
    ['no status', subscription({ status: undefined })],
    ['a list', [subscription()]],
    ['null', null],
  ])('refuses an answer with %s', async (_, body) => {
    api.answers = [json(200, body)];
    await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'unreadable-answer',
    });
  });

  it('refuses an answer that is no JSON', async () => {
    api.answers = [(_, res) => res.end('<html>')];
    await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'unreadable-answer',
    });
  });

  it('reads no more of an answer than it could ever need', async () => {
    const chunk = Buffer.alloc(65_536, 0x20);
    api.answers = [
      (_, res) => {
        const write = (): void => {
          while (!res.destroyed && res.write(chunk));
        };
        res.on('drain', write);
        write();
      },
    ];
    await expect(api.adapter().fetchSubject('sub-1', never)).rejects.toMatchObject({
      code: 'unreadable-answer',
    });
  });
});

describe('listByReference', () => {
  it('asks for exactly the reference', async () => {
    api.answers = [json(200, { data: [subscription()], total: 1, page: 1, limit: 20 })];
    expect(await api.adapter().listByReference('order-1', never)).toMatchObject([{ subject: 'sub-1' }]);
    expect(api.seen).toHaveLength(1);
    expect(api.seen[0]?.url.pathname).toBe('/api/v1/subscriptions');
    expect([...(api.seen[0]?.url.searchParams ?? [])]).toEqual([['partnerReferenceId', 'order-1']]);
  });

  it('escapes what a reference may hold', async () => {
    api.answers = [json(200, { data: [], total: 0 })];
    await api.adapter().listByReference('a&status=active#ø', never);
    expect(api.seen[0]?.url.searchParams.get('partnerReferenceId')).toBe('a&status=active#ø');
    expect(api.seen[0]?.url.searchParams.has('status')).toBe(false);
  });

  it('is empty only when the vendor said so', async () => {
    api.answers = [json(200, { data: [], total: 0 })];
    expect(await api.adapter().listByReference('order-1', never)).toEqual([]);
    api.answers = [json(200, [])];
    expect(await api.adapter().listByReference('order-1', never)).toEqual([]);
  });

  it.each<[string, number, unknown]>([
    ['no list', 200, { subscriptions: [] }],
    ['null', 200, null],
    ['an entry it cannot read', 200, [{}]],
    ['404', 404, refusal(404, 'NOT_FOUND')],
  ])('is an error, never empty, after %s', async (_, status, body) => {
    api.answers = [json(status, body)];
    await expect(api.adapter().listByReference('order-1', never)).rejects.toMatchObject({
      name: 'VendorError',
    });
  });

  it('is no empty list when the vendor counts some and shows none', async () => {
    api.answers = [json(200, { data: [], total: 2 })];
    await expect(api.adapter().listByReference('order-1', never)).rejects.toMatchObject({
      code: 'unreadable-answer',
    });
  });

  it('drops what the vendor returned beside the reference', async () => {
    const others = [
      subscription({ id: 'sub-2', partnerReferenceId: 'ORDER-1' }),
      subscription({ id: 'sub-3', partnerReferenceId: null }),
    ];
    api.answers = [json(200, { data: [...others, subscription()], total: 3 })];
    expect(await api.adapter().listByReference('order-1', never)).toMatchObject([{ subject: 'sub-1' }]);
  });

  it('reads every page', async () => {
    api.answers = [
      json(200, { data: [subscription({ id: 'sub-3' }), subscription({ id: 'sub-2' })], total: 3 }),
      json(200, { data: [subscription()], total: 3 }),
    ];
    const found = await api.adapter().listByReference('order-1', never);
    expect(found.map(({ subject }) => subject)).toEqual(['sub-3', 'sub-2', 'sub-1']);
    expect(api.seen.map(({ url }) => url.searchParams.get('page'))).toEqual([null, '2']);
  });

  it('takes a bare array, and stops where a page brings nothing new', async () => {
    api.answers = [json(200, [subscription()])];
    expect(await api.adapter().listByReference('order-1', never)).toHaveLength(1);
    expect(api.seen).toHaveLength(2);
  });

  it('gives up on a vendor that ignores the filter', async () => {
    let page = 0;
    api.answers = [
      (_, res) => {
        page += 1;
        json(200, [subscription({ id: `sub-${page}`, partnerReferenceId: 'another' })])(_, res);
      },
    ];
    await expect(api.adapter().listByReference('order-1', never)).rejects.toMatchObject({
      code: 'unreadable-answer',
    });
    expect(api.seen).toHaveLength(20);
  });
});
