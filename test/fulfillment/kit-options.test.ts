/** What a host can set up wrongly, and what it is told. */
import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  createFulfillmentKit,
  idempotentEffect,
  type FulfillmentKitOptions,
  type SqlPool,
} from '../../src/fulfillment/index.js';
import { FakeVendor } from './kit/fake-vendor.js';

const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
const database: SqlPool = { connect: () => Promise.reject(away), query: () => Promise.reject(away) };
const good: FulfillmentKitOptions = {
  database,
  identify: () => null,
  resolveOrder: () => null,
  vendors: [new FakeVendor()],
  unreferenced: 'fulfill',
  effects: { fulfill: idempotentEffect(() => Promise.resolve()) },
};

describe('createFulfillmentKit', () => {
  it.each([
    ['database', { database: {} }],
    ['database', { database: 'postgres://…' }],
    ['basePath', { basePath: 'checkout' }],
    ['basePath', { basePath: '/checkout/' }],
    ['origins', { origins: ['https://shop.example/'] }],
    ['origins', { origins: ['shop.example'] }],
    ['origins', { origins: ['*'] }],
    ['identify', { identify: undefined }],
    ['resolveOrder', { resolveOrder: 'order-1' }],
    ['vendors', { vendors: [] }],
    ['vendors', { vendors: [{}] }],
    ['vendors', { vendors: [new FakeVendor(), new FakeVendor()] }],
    ['unreferenced', { unreferenced: undefined }],
    ['unreferenced', { unreferenced: 'maybe' }],
    ['effects.fulfill', { effects: {} }],
    ['effects.fulfill', { effects: { fulfill: () => undefined } }],
    ['effects.revoke', { effects: { ...good.effects, revoke: {} } }],
    ['schema', { schema: 'Checkout; DROP' }],
    ['schedule.leaseSeconds', { schedule: { leaseSeconds: -1 } }],
    ['schedule.leaseSeconds', { schedule: { leaseSeconds: Number.NaN } }],
    ['schedule.reconcileDelaysMs', { schedule: { reconcileDelaysMs: [] } }],
    ['retention.inboxMs', { retention: { inboxMs: 0 } }],
    ['retention.rawBodies', { retention: { rawBodies: 1 } }],
    ['schedule.leaseMinutes', { schedule: { leaseMinutes: 1 } }],
    ['rateLimits', { rateLimits: true }],
    ['rateLimits.starts', { rateLimits: { starts: { perMinute: 1, burst: 1 } } }],
    ['rateLimits.start', { rateLimits: { start: { perMinute: 60 } } }],
    ['rateLimits.status', { rateLimits: { status: { perMinute: 0, burst: 1 } } }],
    ['clientKey', { clientKey: 'x-forwarded-for' }],
    ['metrics', { metrics: {} }],
  ])('names a wrong %s: %o', (option, wrong) => {
    const create = (): unknown =>
      createFulfillmentKit({ ...good, ...wrong } as unknown as FulfillmentKitOptions);
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(option);
  });

  it.each([
    ['basepath', { basepath: '/pay' }, 'basepath is not an option; did you mean basePath?'],
    ['onreview', { onreview: () => undefined }, 'onreview is not an option; did you mean onReview?'],
    [
      'effects.revok',
      { effects: { ...good.effects, revok: good.effects.fulfill } },
      'effects.revok is not an option; did you mean effects.revoke?',
    ],
    ['webhookEndpoint', { webhookEndpoint: '' }, /^webhookEndpoint is not an option; known are database, /],
    ['toString', { toString: 1 }, /^toString is not an option; /],
  ])('names %s, which there is not, and what may be meant', (_, stray, message) => {
    const create = (): unknown => createFulfillmentKit({ ...good, ...stray });
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(message);
  });

  it('takes the least there is to say', () => {
    expect(() => createFulfillmentKit(good)).not.toThrow();
  });

  it('says at its start that the database cannot be reached', async () => {
    const kit = createFulfillmentKit(good);
    await expect(kit.start()).rejects.toMatchObject({ code: 'database-unreachable' });
    await kit.close();
  });
});
