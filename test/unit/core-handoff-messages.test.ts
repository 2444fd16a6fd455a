/** What the developer reads where the backend gave no answer of the protocol: what was asked, what came, what to mend. */
import { expect, it, vi } from 'vitest';
import { HandoffClient, HandoffError } from '../../src/core/handoff.js';
import { FakeBackend, FakeStore, FakeTimers, json, NETWORK_DOWN, refusal } from './core-fakes.js';

const HANDLE = { id: 'att_1', token: 'plainly-fake.token', expiresAt: '2026-06-03T12:00:00Z' };
const ASKED = 'GET https://shop.example/checkout/attempts/att_1';
const MEND = "Is handoff-url the base of the kit's routes?";

const html = (status: number) =>
  new Response('<h1>Someone’s order</h1>', {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  });

it.each<[string, Response | Error, string]>([
  ['HTML, as of a dev server without its proxy', html(200), '200 … text/html instead of JSON'],
  ['HTML of a deploy', html(404), '404 … text/html instead of JSON'],
  ['HTML of a firewall', html(403), '403 … text/html instead of JSON'],
  ['nothing', new Response('', { status: 200 }), '200 … no body'],
  ['no content', new Response(null, { status: 204 }), '204 … no body'],
  [
    'half a JSON',
    new Response('{"v":1', { headers: { 'Content-Type': 'application/json' } }),
    '200 … broken JSON',
  ],
  ['a list', json([]), '200 … answer must be an object'],
  ['null', json(null), '200 … answer must be an object'],
  ['another version', json({ v: 2, status: 'open' }), '200 … v must be 1'],
  [
    'a status that nobody agreed on',
    json({ v: 1, status: 'paid by Someone' }),
    '200 … status must be one of open, ',
  ],
  ['a refusal of another kind', json({ error: 'Someone' }, { status: 403 }), '403 … v must be 1'],
])('%s', async (_, answer, what) => {
  const { message, code, cause } = await failure(answer);
  const [status, why] = what.split(' … ');
  expect(code).toBe('unreadable');
  expect(message).toContain(
    `${ASKED} answered ${status ?? ''}, which is not the handoff protocol: ${why ?? ''}`,
  );
  expect(message).toContain(MEND);
  expect(`${message} ${String(cause)}`).not.toMatch(/plainly-fake|Someone|<h1>/);
});

it('a backend that was not reached: the causes that a browser does not tell apart', async () => {
  const { message, code } = await failure(NETWORK_DOWN);
  expect(code).toBe('network');
  expect(message).toContain(`${ASKED} could not be reached`);
  for (const cause of ['CORS', 'connect-src', 'redirect (as to a login), which is refused'])
    expect(message).toContain(cause);
});

it('a refusal of the protocol keeps the backend’s own words', async () => {
  expect((await failure(refusal(403, 'origin_not_allowed'))).message).toBe('No.');
});

it('a backend that gives no answer in time', async () => {
  const timers = new FakeTimers();
  const client = new HandoffClient({
    baseUrl: 'https://shop.example/checkout',
    fetch: () => new Promise<never>(() => undefined),
    store: new FakeStore(),
    timers,
  });
  const failed = client.status(HANDLE, new AbortController().signal).catch((reason: unknown) => reason);
  await timers.advance(10_000);
  expect(String(await failed)).toContain(`${ASKED} gave no answer within 10000 ms`);
});

it.each([
  [400, 'bad_request', ['bad_request']],
  [401, 'unauthorized', []],
  [404, 'not_found', []],
] as const)(
  'a signal that is answered %d %s: the page is told of what is wrong with it',
  async (status, code, told) => {
    const refused: string[] = [];
    const client = new HandoffClient({
      baseUrl: 'https://shop.example/checkout',
      fetch: new FakeBackend(() => refusal(status, code)).fetch,
      store: new FakeStore(),
      timers: new FakeTimers(),
      onRefused: (error) => refused.push(error.code),
    });
    client.signal(HANDLE, { kind: 'initiated' });
    await vi.waitFor(() => expect(client.hasRefusedSignal(HANDLE)).toBe(true));
    expect(refused).toEqual(told);
  },
);

async function failure(answer: Response | Error): Promise<HandoffError> {
  const client = new HandoffClient({
    baseUrl: 'https://shop.example/checkout?key=plainly-fake',
    fetch: new FakeBackend(() => answer).fetch,
    store: new FakeStore(),
    timers: new FakeTimers(),
  });
  const error: unknown = await client
    .status(HANDLE, new AbortController().signal)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HandoffError);
  return error as HandoffError;
}
