import { createLedgerBeeSandbox, createManualClock, type LedgerBeeSandbox } from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api, failingFields, mintBindRef, provision } from './sandbox/client.js';

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

describe('an API key', () => {
  it('is refused under Authorization: Bearer', async () => {
    const answer = await api(sandbox, '/subscriptions', {
      key: null,
      headers: { authorization: `Bearer ${sandbox.keys.api}` },
    });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'UNAUTHORIZED', message: 'Invalid API key' });
  });

  it('works in the query too', async () => {
    expect((await api(sandbox, `/api-key?x-api-key=${sandbox.keys.api}`, { key: null })).status).toBe(200);
  });

  it('shows its scopes to itself without any scope', async () => {
    const { key } = sandbox.apiKeys.create({ scopes: [] });
    expect((await api(sandbox, '/api-key', { key })).body).toMatchObject({
      scopes: [],
      expiresAt: null,
      ipWhitelist: [],
    });
  });

  it('announces its end in every answer, and is refused after it', async () => {
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const { key } = sandbox.apiKeys.create({ expiresAt });
    expect((await api(sandbox, '/subscriptions', { key })).headers.get('x-api-key-expires-at')).toBe(
      expiresAt,
    );
    clock.advance(60_000);
    expect((await api(sandbox, '/subscriptions', { key })).status).toBe(401);
  });

  it('is refused from an address outside its list, with the reason', async () => {
    const { key } = sandbox.apiKeys.create({ ipWhitelist: ['203.0.113.7'] });
    const answer = await api(sandbox, '/api-key', { key });
    expect(answer.status).toBe(401);
    expect(answer.body['details']).toEqual({ reason: 'ip_whitelist_mismatch' });
  });

  it('of the ordinary kind cannot be given the scopes of the SSO key', () => {
    expect(() => sandbox.apiKeys.create({ scopes: ['portal-provision'] })).toThrow(
      expect.objectContaining({ code: 'API_KEY_SCOPE_NOT_ASSIGNABLE' }),
    );
  });

  it.each([
    ['GET', '/subscriptions', 'subscriptions-read'],
    ['POST', '/subscriptions', 'subscriptions-write'],
    ['POST', '/subscriptions/cancel', 'subscriptions-write'],
    ['GET', '/portal/plans', 'portal-catalog-read'],
    ['POST', '/portal/plans/resolve', 'portal-catalog-read'],
    ['GET', '/customers', 'customers-read'],
    ['GET', '/webhook-endpoints', 'webhook-endpoints-read'],
    ['POST', '/webhook-endpoints', 'webhook-endpoints-write'],
    ['POST', '/portal-sso/provision', 'portal-provision'],
  ])('without the scope is refused at %s %s', async (method, path, scope) => {
    const { key } = sandbox.apiKeys.create({ scopes: [] });
    const answer = await api(sandbox, path, { method, key, ...(method === 'POST' ? { body: {} } : {}) });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
      details: { requiredScopes: [scope] },
    });
  });

  it.each([
    ['/portal/plans', 'CustomerPortal'],
    ['/portal-sso/provision', 'CustomerPortal'],
    ['/subscriptions', 'Subscription'],
  ])('cannot stand in for the licence at %s', async (path, licenseKey) => {
    sandbox.settings.set({ licences: [] });
    const { key } = sandbox.apiKeys.create({ scopes: [] });
    const method = path.endsWith('provision') ? 'POST' : 'GET';
    expect(await api(sandbox, path, { method, key })).toMatchObject({
      status: 403,
      body: { code: 'LICENSE.REQUIRED', details: { licenseKey } },
    });
  });
});

describe('an error', () => {
  it('comes in the envelope, its path relative to /api', async () => {
    const { status, body } = await api(sandbox, '/subscriptions/nothing');
    expect(status).toBe(404);
    expect(body).toEqual({
      statusCode: 404,
      timestamp: new Date(clock.now()).toISOString(),
      path: '/v1/subscriptions/nothing',
      message: expect.any(String) as string,
      code: 'SUBSCRIPTION_NOT_FOUND',
    });
  });

  it('of an unknown route has no code', async () => {
    const { status, body } = await api(sandbox, '/invoices');
    expect(status).toBe(404);
    expect(body).not.toHaveProperty('code');
  });

  it('tells a caller that is too fast when to come back', async () => {
    sandbox.scenarios.set('rate-limited', { times: 1 });
    const limited = await api(sandbox, '/subscriptions');
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.headers.get('x-rate-limit-remaining')).toBe('0');
    expect((await api(sandbox, '/subscriptions')).status).toBe(200);
  });
});

describe('provision', () => {
  it('gives an existing customer a membership and a fresh bind ref each time', async () => {
    const first = await provision(sandbox, { clientReferenceId: 'order-1' });
    const second = await provision(sandbox, { clientReferenceId: 'order-1' });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      customerId: sandbox.customers.company.id,
      customerCreated: false,
      checkoutBindTokenExpiresAt: new Date(clock.now() + 60_000).toISOString(),
    });
    expect(second.body['membershipId']).toBe(first.body['membershipId']);
    expect(second.body['checkoutBindToken']).not.toBe(first.body['checkoutBindToken']);
  });

  it('mints nothing unless asked', async () => {
    const { body } = await provision(sandbox, { mintCheckoutBindToken: false });
    expect(body).not.toHaveProperty('checkoutBindToken');
  });

  it('creates a customer once, and reuses it as it is', async () => {
    const customer = newCustomer();
    const created = await provision(sandbox, { customerId: undefined, customer });
    const reused = await provision(sandbox, {
      customerId: undefined,
      customer: { ...customer, name: 'Another name' },
    });
    expect(created.body['customerCreated']).toBe(true);
    expect(reused.body).toMatchObject({ customerCreated: false, customerId: created.body['customerId'] });
    const read = await api(sandbox, `/customers/${String(created.body['customerId'])}`);
    expect(read.body['name']).toBe('Havn Studio');
  });

  it('needs portal-sso-mint for a bind ref and for nothing else', async () => {
    const { key } = sandbox.apiKeys.createSso({ scopes: ['portal-provision'] });
    const body = { email: 'ida@nordlys.example', customerId: sandbox.customers.company.id };
    expect((await api(sandbox, '/portal-sso/provision', { key, body })).status).toBe(200);
    const refused = await api(sandbox, '/portal-sso/provision', {
      key,
      body: { ...body, mintCheckoutBindToken: true },
    });
    expect(refused.body).toMatchObject({ details: { requiredScopes: ['portal-sso-mint'] } });
  });

  it('does not know a customer id that is not of the tenant', async () => {
    const answer = await provision(sandbox, { customerId: '00000000-0000-4000-8000-000000000000' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'CUSTOMER_NOT_FOUND' } });
  });

  it.each([
    ['an unknown field', { tenantId: 'acme' }, ['tenantId']],
    ['a bad e-mail', { email: 'ida' }, ['email']],
    ['no e-mail', { email: undefined }, ['email']],
    ['a customer id that is no uuid', { customerId: '1001' }, ['customerId']],
    ['neither customer', { customerId: undefined }, ['customerId']],
    ['both customers', { customer: { customerNumber: '1001' } }, ['customerId']],
    ['a reference of spaces', { clientReferenceId: '  ' }, ['clientReferenceId']],
    ['a reference too long', { clientReferenceId: 'x'.repeat(256) }, ['clientReferenceId']],
    ['two wrongs', { email: 1, mintCheckoutBindToken: 'yes' }, ['email', 'mintCheckoutBindToken']],
    [
      'a nested wrong',
      { customerId: undefined, customer: { customerNumber: '9', vatZone: 'DK' } },
      ['customer.vatZone'],
    ],
    [
      'a customer to create with too little',
      { customerId: undefined, customer: { customerNumber: '9' } },
      ['customer.customerType'],
    ],
  ])('refuses %s and names the field', async (_, change, fields) => {
    const answer = await provision(sandbox, change);
    expect(answer).toMatchObject({ status: 400, body: { code: 'SHARED_VALIDATION_FAILED' } });
    expect(failingFields(answer)).toEqual(fields);
  });

  it('refuses a new customer in a group of nobody', async () => {
    const customer = { ...newCustomer(), customerGroupId: '00000000-0000-4000-8000-000000000000' };
    const answer = await provision(sandbox, { customerId: undefined, customer });
    expect(failingFields(answer)).toEqual(['customer.customerGroupId']);
  });

  it('can be made to lack a scope, or the customer', async () => {
    sandbox.scenarios.set('missing-scope', { times: 1 });
    expect((await provision(sandbox)).body['code']).toBe('INSUFFICIENT_PERMISSIONS');
    sandbox.scenarios.set('unknown-customer', { times: 1 });
    expect((await provision(sandbox)).body['code']).toBe('CUSTOMER_NOT_FOUND');
    expect((await provision(sandbox)).status).toBe(200);
  });

  it('names the bind ref as the assumption says', async () => {
    sandbox.assumptions.set('provisionTokenField', 'bindToken');
    const { body } = await provision(sandbox);
    expect(body).toHaveProperty('bindToken');
    expect(body).not.toHaveProperty('checkoutBindToken');
  });
});

it('needs no bind ref to be used: minting leaves no subscription', async () => {
  await mintBindRef(sandbox, 'order-1');
  expect(sandbox.subscriptions.list()).toEqual([]);
});
