import { createLedgerBeeSandbox, createManualClock, type LedgerBeeSandbox } from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api, failingFields, provision } from './sandbox/client.js';

const clock = createManualClock();
let sandbox: LedgerBeeSandbox;

beforeEach(async () => {
  sandbox = await createLedgerBeeSandbox({ partnerOrigins: ['http://shop.localhost:4310'], clock });
});
afterEach(() => sandbox.close());

const newCustomer = () => ({
  customerType: 'company',
  customerNumber: '2001',
  name: 'Havn Studio',
  countryCode: 'DK',
  vatZone: 'domestic',
  customerGroupId: sandbox.customerGroups[0]!.id,
});

describe('the catalogue', () => {
  it('lists every plan in order, custom cards last, and mints no token', async () => {
    const { body } = await api(sandbox, '/portal/plans?language=da');
    const plans = body['plans'] as { plan: Record<string, unknown>; items: Record<string, unknown>[] }[];
    expect(plans.map(({ plan }) => plan['vanity'])).toEqual(['pro-plan', null]);
    expect(plans[0]!.items.map(({ itemType }) => itemType)).toEqual([
      'PRICED',
      'PRICED',
      'PRICED',
      'CUSTOM_CTA',
    ]);
    expect(plans[0]!.items[0]).toMatchObject({ name: 'Pro, månedlig', priceMinor: 24_900, currency: 'DKK' });
    expect(plans[0]!.items[3]).toMatchObject({
      priceMinor: null,
      ctaLink: '/contact',
      ctaPresetKey: 'contactUs',
      sourceSubscriptionId: null,
    });
    expect(body).not.toHaveProperty('token');
  });

  it('reads one plan, and does not know another', async () => {
    const found = await api(sandbox, `/portal/plans/${sandbox.plans.pro.id}`);
    expect(found.body).toMatchObject({ plan: { plan: { id: sandbox.plans.pro.id, vanity: 'pro-plan' } } });
    expect(await api(sandbox, '/portal/plans/other')).toMatchObject({
      status: 404,
      body: { code: 'PORTAL_PLAN_NOT_FOUND' },
    });
  });

  it('refuses a language it does not speak', async () => {
    expect(failingFields(await api(sandbox, '/portal/plans?language=de'))).toEqual(['language']);
  });

  it('resolves the gated plan for its buyer alone, with a token for half an hour', async () => {
    const vanities = async (body: unknown): Promise<unknown[]> => {
      const answer = await api(sandbox, '/portal/plans/resolve', { body });
      return (answer.body['plans'] as { plan: { id: string } }[]).map(({ plan }) => plan.id);
    };
    const { pro, gated } = sandbox.plans;
    expect(await vanities({ customerId: sandbox.customers.company.id })).toEqual([pro.id, gated.id]);
    expect(await vanities({ customerId: sandbox.customers.person.id })).toEqual([pro.id]);
    expect(await vanities({ countryCode: 'SE', customerType: 'private' })).toEqual([pro.id, gated.id]);
    const { body } = await api(sandbox, '/portal/plans/resolve', { body: { countryCode: 'DK' } });
    expect(body).toMatchObject({ expiresAt: new Date(clock.now() + 30 * 60_000).toISOString() });
  });

  it('resolves neither for nobody nor for two', async () => {
    expect((await api(sandbox, '/portal/plans/resolve', { body: {} })).status).toBe(400);
    const both = { customerId: sandbox.customers.company.id, countryCode: 'DK' };
    expect((await api(sandbox, '/portal/plans/resolve', { body: both })).status).toBe(400);
  });
});

describe('customers', () => {
  it('are listed by number and found by exact number or metadata', async () => {
    const names = async (query: string): Promise<unknown[]> => {
      const { body } = await api(sandbox, `/customers${query}`);
      return (body['data'] as { name: string }[]).map(({ name }) => name);
    };
    expect(await names('')).toEqual(['Nordlys Design ApS', 'Jonas Holm']);
    expect(await names('?customerNumber=1002')).toEqual(['Jonas Holm']);
    expect(await names('?customerNumber=100')).toEqual([]);
    expect(await names('?metadata[segment]=studio')).toEqual(['Nordlys Design ApS']);
  });

  it('come from a cache for five seconds when unfiltered, and fresh when filtered', async () => {
    const total = async (query: string): Promise<unknown> =>
      (await api(sandbox, `/customers${query}`)).body['total'];
    expect(await total('')).toBe(2);
    await provision(sandbox, { customerId: undefined, customer: newCustomer() });
    expect(await total('')).toBe(2);
    expect(await total('?customerNumber=2001')).toBe(1);
    clock.advance(5_000);
    expect(await total('')).toBe(3);
  });

  it('take at most ten metadata pairs', async () => {
    const query = Array.from({ length: 11 }, (_, index) => `metadata[k${index}]=v`).join('&');
    expect((await api(sandbox, `/customers?${query}`)).status).toBe(400);
  });
});

describe('subscriptions', () => {
  const assign = (change: Record<string, unknown> = {}) =>
    api(sandbox, '/subscriptions', {
      body: {
        customerId: sandbox.customers.company.id,
        planId: sandbox.plans.pro.id,
        startDate: new Date(clock.now()).toISOString(),
        ...change,
      },
    });

  it('are found by reference: exactly, and every one of them, newest first', async () => {
    const older = sandbox.subscriptions.create({ partnerReferenceId: 'order-1' });
    const newer = sandbox.subscriptions.create({ partnerReferenceId: 'order-1' });
    sandbox.subscriptions.create({ partnerReferenceId: 'ORDER-1' });
    const { body } = await api(sandbox, '/subscriptions?partnerReferenceId=order-1');
    expect(body).toMatchObject({ total: 2, page: 1, limit: 20 });
    expect((body['data'] as { id: string }[]).map(({ id }) => id)).toEqual([newer.id, older.id]);
  });

  it('are filtered by status and customer, and paged', async () => {
    const { id } = sandbox.subscriptions.create({});
    sandbox.subscriptions.create({ customerId: sandbox.customers.person.id });
    sandbox.subscriptions.churn(id);
    const total = async (query: string): Promise<unknown> =>
      (await api(sandbox, `/subscriptions?${query}`)).body['total'];
    expect(await total('status=cancelled')).toBe(1);
    expect(await total(`customerId=${sandbox.customers.person.id}`)).toBe(1);
    const page = await api(sandbox, '/subscriptions?page=2&limit=1');
    expect((page.body['data'] as { id: string }[]).map((entry) => entry.id)).toEqual([id]);
    expect((await api(sandbox, '/subscriptions?limit=101')).status).toBe(400);
    expect((await api(sandbox, '/subscriptions?status=live')).status).toBe(400);
  });

  it('come as a bare array when the assumption says so', async () => {
    sandbox.assumptions.set('listShape', 'array');
    expect((await api(sandbox, '/subscriptions')).body).toEqual([]);
  });

  it('assigned by staff carry no reference', async () => {
    const answer = await assign();
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ status: 'active', partnerReferenceId: null });
    expect(answer.body).not.toHaveProperty('versionId');
  });

  it('are scheduled for a future date and start on it', async () => {
    const startDate = new Date(clock.now() + 40 * 24 * 3_600_000).toISOString();
    const { body } = await assign({ startDate });
    expect(body['status']).toBe('scheduled');
    clock.advance(40 * 24 * 3_600_000);
    expect((await api(sandbox, `/subscriptions/${String(body['id'])}`)).body['status']).toBe('active');
  });

  it('run through their trial, and expire at their end', async () => {
    const day = 24 * 3_600_000;
    const { body } = await assign({ trialDays: 14, endDate: new Date(clock.now() + 60 * day).toISOString() });
    const status = async (): Promise<unknown> =>
      (await api(sandbox, `/subscriptions/${String(body['id'])}`)).body['status'];
    expect(await status()).toBe('trial');
    clock.advance(14 * day);
    expect(await status()).toBe('active');
    clock.advance(46 * day);
    expect(await status()).toBe('expired');
  });

  it.each([
    ['currency', { currency: 'DKK' }, ['currency']],
    ['a plan that is no uuid', { planId: 'pro-plan' }, ['planId']],
    ['too long a trial', { trialDays: 366 }, ['trialDays']],
    ['no start', { startDate: undefined }, ['startDate']],
  ])('are not assigned with %s', async (_, change, fields) => {
    expect(failingFields(await assign(change))).toEqual(fields);
  });

  it('are cancelled at once, at the end of the period, on a date, or not after all', async () => {
    const cancel = (id: unknown, change: Record<string, unknown>) =>
      api(sandbox, '/subscriptions/cancel', { body: { id, ...change } });
    const { id } = sandbox.subscriptions.create({});
    expect((await cancel(id, { strategy: 'end_of_cycle' })).body['status']).toBe('pending_cancellation');
    expect((await cancel(id, { strategy: 'clear_schedule' })).body['status']).toBe('active');
    expect(failingFields(await cancel(id, { strategy: 'specific_date' }))).toEqual(['effectiveDate']);
    const effectiveDate = new Date(clock.now() + 3_600_000).toISOString();
    await cancel(id, { strategy: 'specific_date', effectiveDate });
    clock.advance(3_600_000);
    expect((await api(sandbox, `/subscriptions/${id}`)).body['status']).toBe('cancelled');
    const other = sandbox.subscriptions.create({});
    expect((await cancel(other.id, { strategy: 'immediately' })).body['status']).toBe('cancelled');
  });
});
