/** The client and answers that no sandbox would give: another API's, a broken one's, a hostile one's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledyerClient, type LedyerClient } from '../../src/fulfillment/vendors/ledyer/client.js';
import { closeServers, listen } from '../support/http.js';
import { LEDYER_OPTIONS } from '../support/ledyer.js';

const never = new AbortController().signal;
const TOKEN = { access_token: 'v4.public.fake', expires_in: 3600, scope: 'write', token_type: 'Bearer' };
const ORDER = { id: 'or_1', status: ['uncaptured'], uncaptured: null, captured: [], refunded: [] };

/** Answer by path; what is not listed is 404. */
let answers: Record<string, unknown>;
let seen: { method: string; url: string; authorization: string | undefined; body: string }[];
let client: LedyerClient;

beforeEach(async () => {
  seen = [];
  answers = {
    '/oauth/token': TOKEN,
    '/v1/orders/or_1/paymentstatus': { status: 'paymentConfirmed' },
    '/v1/orders/or_1': ORDER,
  };
  const origin = await listen((req, res) => {
    let body = '';
    req.on('data', (chunk) => (body += String(chunk)));
    req.on('end', () => {
      const { method = '', url = '', headers } = req;
      seen.push({ method, url, authorization: headers.authorization, body });
      const answer = answers[url.split('?')[0]!];
      res.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      res.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? { errors: [] }));
    });
  });
  client = ledyerClient({ ...LEDYER_OPTIONS, authBaseUrl: origin, apiBaseUrl: origin });
});
afterEach(() => closeServers());

const unreadable = { name: 'VendorError', code: 'unreadable-answer', status: 200 };

describe('the calls', () => {
  it('are those of the documentation, and no more', async () => {
    await client.read('or_1', never);
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/oauth/token',
        authorization: `Basic ${Buffer.from('fake-client-id:fake-client-secret').toString('base64')}`,
        body: 'grant_type=client_credentials',
      },
      {
        method: 'GET',
        url: '/v1/orders/or_1/paymentstatus',
        authorization: 'Bearer v4.public.fake',
        body: '',
      },
      { method: 'GET', url: '/v1/orders/or_1', authorization: 'Bearer v4.public.fake', body: '' },
    ]);
  });

  it('about a session go by query', async () => {
    answers['/v1/paymentstatus'] = { status: 'orderPending', note: 'Awaiting signature' };
    answers['/v1/payment-sessions/ps_1'] = { id: 'ps_1', state: 'awaitingSignatory' };
    expect(await client.read('ps_1', never)).toMatchObject({ standing: 'pending', orderId: null });
    expect(seen.map(({ url }) => url)).toEqual([
      '/oauth/token',
      '/v1/paymentstatus?sessionId=ps_1',
      '/v1/payment-sessions/ps_1',
    ]);
  });
});

describe('an answer is refused', () => {
  it.each<[string, string, unknown]>([
    ['an order that is another', '/v1/orders/or_1', { ...ORDER, id: 'or_2' }],
    ['an order without an id', '/v1/orders/or_1', { ...ORDER, id: undefined }],
    ['an order that is a list', '/v1/orders/or_1', [ORDER]],
    ['an order that is null', '/v1/orders/or_1', 'null'],
    ['an order that is no JSON', '/v1/orders/or_1', '<html>'],
    ['no status', '/v1/orders/or_1/paymentstatus', {}],
    ['a status that is a list', '/v1/orders/or_1/paymentstatus', { status: ['paymentConfirmed'] }],
    ['a status without end', '/v1/orders/or_1/paymentstatus', { status: 'x'.repeat(65) }],
    ['a status that is empty', '/v1/orders/or_1/paymentstatus', { status: '' }],
    ['more than any answer has', '/v1/orders/or_1', JSON.stringify({ ...ORDER, x: ' '.repeat(1_100_000) })],
    ['no token', '/oauth/token', { ...TOKEN, access_token: undefined }],
    ['a token that breaks a header', '/oauth/token', { ...TOKEN, access_token: 'a b' }],
    ['a token of no time', '/oauth/token', { ...TOKEN, expires_in: 0 }],
    ['a token of a time in words', '/oauth/token', { ...TOKEN, expires_in: '3600' }],
    ['a token endpoint that is no JSON', '/oauth/token', 'ok'],
  ])('with %s', async (_, path, answer) => {
    answers[path] = answer;
    await expect(client.read('or_1', never)).rejects.toMatchObject(unreadable);
  });

  it('to a change too, when it is about another order', async () => {
    answers['/v1/orders/or_1'] = { ...ORDER, status: ['unacknowledged', 'uncaptured'] };
    answers['/v1/orders/or_1/acknowledge'] = { ...ORDER, id: 'or_2' };
    await expect(client.acknowledge('or_1', never)).rejects.toMatchObject(unreadable);
  });
});

describe('an id in an answer', () => {
  it.each(['../or_1', 'se_1', 7, null])('that is %j is asked about no further', async (orderId) => {
    answers['/v1/paymentstatus'] = { status: 'orderPending' };
    answers['/v1/sessions/se_1'] = { id: 'se_1', orderId };
    expect(await client.read('se_1', never)).toMatchObject({ orderId: null, order: null });
    expect(seen).toHaveLength(3);
  });
});
