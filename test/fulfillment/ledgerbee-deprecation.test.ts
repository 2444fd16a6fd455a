import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogEntry } from '../../src/fulfillment/index.js';
import { json, LedgerBeeStub, never, subscription } from '../support/ledgerbee-api.js';

let api: LedgerBeeStub;
let entries: LogEntry[];
const log = (entry: LogEntry): void => void entries.push(entry);

beforeEach(async () => {
  api = await LedgerBeeStub.start();
  entries = [];
});
afterEach(() => api.stop());

const ending = {
  deprecation: 'true',
  sunset: 'Wed, 01 Dec 2027 00:00:00 GMT',
  link: '</v2/subscriptions>; rel="successor-version"',
};

it('the end of a call that LedgerBee announces is said once, with its date and its successor', async () => {
  const adapter = api.adapter();
  api.answers = [json(200, subscription(), ending)];
  await adapter.fetchSubject('sub-1', never, log);
  await adapter.fetchSubject('sub-1', never, log);
  expect(entries).toMatchObject([
    {
      level: 'warn',
      event: 'ledgerbee.deprecated',
      fields: {
        call: 'GET /subscriptions/{id}',
        sunset: '2027-12-01T00:00:00.000Z',
        successor: '/v2/subscriptions',
      },
    },
  ]);
});

it('each call, and each new date, is said for itself', async () => {
  const adapter = api.adapter();
  api.answers = [
    json(200, subscription(), ending),
    json(200, subscription(), { ...ending, sunset: 'Sat, 01 Jan 2028 00:00:00 GMT' }),
    json(200, { data: [], total: 0 }, ending),
    json(200, { checkoutBindToken: 'token' }, ending),
  ];
  await adapter.fetchSubject('sub-1', never, log);
  await adapter.fetchSubject('sub-1', never, log);
  await adapter.listByReference('order-1', never, log);
  await adapter.mintBindToken({ email: 'ada@example.test', customerId: 'c' }, 'order-1', never, log);
  expect(entries.map(({ fields }) => fields?.['call'])).toEqual([
    'GET /subscriptions/{id}',
    'GET /subscriptions/{id}',
    'GET /subscriptions',
    'POST /portal-sso/provision',
  ]);
});

it('an announcement on an error is said too, and nothing is repeated that is no date and no address', async () => {
  api.answers = [
    json(
      500,
      {},
      { deprecation: 'true', sunset: 'ada@example.test', link: '<x?mail=ada@example.test>; rel=next' },
    ),
  ];
  await expect(api.adapter().fetchSubject('sub-1', never, log)).rejects.toThrow();
  expect(entries).toMatchObject([{ fields: { sunset: null, successor: null } }]);
  expect(JSON.stringify(entries)).not.toContain('ada');
});

it('an answer without an announcement says nothing', async () => {
  api.answers = [json(200, subscription())];
  await api.adapter().fetchSubject('sub-1', never, log);
  expect(entries).toEqual([]);
});
