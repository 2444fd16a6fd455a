import {
  createSiglumeSandbox,
  SIGLUME_FAULTS,
  type SiglumeFaultName,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, VendorError } from '../../src/fulfillment/errors.js';
import { codeForBuyer } from '../../src/fulfillment/open-redirect.js';
import {
  fateOf,
  standingOfSession,
  stableNonce,
  type CheckoutRequest,
  type SiglumeOptions,
} from '../../src/fulfillment/vendors/siglume/index.js';
import { closeServers, listen } from '../support/http.js';
import { startReceiver } from './sandbox/receiver.js';
import { edgeFor, SHOP } from './sandbox/siglume-client.js';

const never = new AbortController().signal;

let sandbox: SiglumeSandbox;

beforeEach(async () => {
  sandbox = await createSiglumeSandbox({ returnOrigins: [SHOP] });
});
afterEach(async () => {
  await sandbox.close();
  await closeServers();
});

const request = (change: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  amountMinor: 1200,
  currency: 'JPY',
  nonce: stableNonce('order-1', 'attempt-1'),
  successUrl: `${SHOP}/success?attempt=1`,
  cancelUrl: `${SHOP}/cancel`,
  orderRef: 'order-1',
  attemptId: 'attempt-1',
  ...change,
});

const open = (change: Partial<CheckoutRequest> = {}, options: Partial<SiglumeOptions> = {}) =>
  edgeFor(sandbox, options).openCheckout(request(change), never);

async function failureOf(work: Promise<unknown>): Promise<VendorError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof VendorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('openCheckout', () => {
  it('gives all that must be stored before the buyer goes, with the hash foretold', async () => {
    const opened = await open();
    const [session] = sandbox.sessions.list();
    expect(opened).toEqual({
      sessionId: session!.id,
      checkoutUrl: `${sandbox.checkoutOrigin}/pay/${session!.id}`,
      challengeHash: edgeFor(sandbox).expectChallengeHash(
        { amountMinor: 1200, currency: 'JPY' },
        request().nonce,
      ),
      expiresAtMs: Date.parse(session!.expiresAt),
      status: 'open',
    });
    expect(session).toMatchObject({
      amountMinor: 1200,
      currency: 'JPY',
      successUrl: `${SHOP}/success?attempt=1`,
      metadata: { order_id: 'order-1', attempt_id: 'attempt-1' },
    });
  });

  it('gives the same session for the same attempt, however often it is asked', async () => {
    const opened = await Promise.all([open(), open(), open()]);
    expect(new Set(opened.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(sandbox.sessions.list()).toHaveLength(1);
  });

  it.each([
    ['elsewhere', { successUrl: 'https://evil.example/' }],
    ['to a script', { cancelUrl: 'javascript:alert(1)' }],
    ['with a colon in its nonce', { nonce: 'a:b' }],
    ['without a nonce', { nonce: '' }],
    ['with half a yen', { amountMinor: 0.5 }],
    ['with nothing to pay', { amountMinor: 0 }],
  ])('is not called %s', async (_, change) => {
    await expect(open(change)).rejects.toBeInstanceOf(ConfigurationError);
    expect(sandbox.activity.list().filter(({ kind }) => kind === 'api')).toEqual([]);
  });

  it('is asked again under another price, and told that the nonce is taken', async () => {
    await open();
    const failure = await failureOf(open({ amountMinor: 1300 }));
    expect(failure).toMatchObject({ code: 'rejected', status: 409, vendorCode: 'CHECKOUT_NONCE_CONFLICT' });
    expect(fateOf(failure)).toBe('ask');
  });

  it('is refused with a token that is not the merchant’s', async () => {
    const failure = await failureOf(open({}, { merchantToken: 'usr_other' }));
    expect(failure).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(failure.message).toContain('`merchantToken`');
  });
});

/** Every refusal there is: what it becomes, and whether the buyer may simply try again. */
const REFUSALS: readonly (readonly [SiglumeFaultName, string, string])[] = [
  ['not-enabled', 'checkout-unavailable', 'checkout_unavailable'],
  ['feature-disabled', 'checkout-unavailable', 'checkout_unavailable'],
  ['feature-disabled-404', 'checkout-unavailable', 'checkout_unavailable'],
  ['not-found', 'checkout-unavailable', 'checkout_unavailable'],
  ['not-found-no-code', 'checkout-unavailable', 'checkout_unavailable'],
  ['route-not-found', 'checkout-unavailable', 'checkout_unavailable'],
  ['readiness-required', 'checkout-unavailable', 'checkout_unavailable'],
  ['billing-setup-required', 'checkout-unavailable', 'checkout_unavailable'],
  ['billing-past-due', 'checkout-unavailable', 'checkout_unavailable'],
  ['billing-suspended', 'checkout-unavailable', 'checkout_unavailable'],
  ['merchant-not-found', 'rejected', 'checkout_unavailable'],
  ['validation-failed', 'rejected', 'checkout_unavailable'],
  ['unauthorized', 'unauthorized', 'checkout_unavailable'],
  ['forbidden', 'forbidden', 'checkout_unavailable'],
  ['redirected', 'rejected', 'checkout_unavailable'],
  ['rate-limited', 'rate-limited', 'vendor_unavailable'],
  ['server-error', 'unavailable', 'vendor_unavailable'],
  ['unavailable', 'unavailable', 'vendor_unavailable'],
  ['not-json', 'unavailable', 'vendor_unavailable'],
  ['hangs-after-creating', 'timeout', 'vendor_unavailable'],
  ['cut-off-after-creating', 'unavailable', 'vendor_unavailable'],
  ['error-after-creating', 'unavailable', 'vendor_unavailable'],
  ['not-json-after-creating', 'unreadable-answer', 'vendor_unavailable'],
];

describe('a fault', () => {
  it.each(REFUSALS)(
    '%s is told as %s, the buyer hears %s, and the attempt keeps its nonce',
    async (name, code, told) => {
      sandbox.faults.set(name, { times: 1 });
      // Short only where no answer comes, and long enough for the call to arrive.
      const options = name === 'hangs-after-creating' ? { timeoutMs: 1_000 } : {};
      const failure = await failureOf(open({}, options));
      expect(failure.code).toBe(code);
      expect(codeForBuyer(failure)).toBe(told);
      expect(fateOf(failure)).toBe('keep');
      expect(failure.message).not.toMatch(/usr_|chk_|shop\.example/);
      // Once it is over, the same attempt gets its one session.
      const opened = await open();
      expect(sandbox.sessions.list().map(({ id }) => id)).toEqual([opened.sessionId]);
    },
  );

  it('has a row above for everything the API can answer', () => {
    const api = SIGLUME_FAULTS.slice(0, SIGLUME_FAULTS.indexOf('webhook-before-answer'));
    expect(REFUSALS.map(([name]) => name).sort()).toEqual([...api].sort());
  });

  it.each(['in-details', 'in-error'] as const)(
    'of readiness names what is missing, listed %s',
    async (where) => {
      sandbox.assumptions.set('missingRequirements', where);
      sandbox.setReadiness('webhook_https', false);
      expect((await failureOf(open())).message).toContain('webhook_https');
    },
  );

  it('of a rate limit says how long to wait', async () => {
    sandbox.faults.set('rate-limited', true);
    expect(await failureOf(open())).toMatchObject({ status: 429, retryAfterMs: 1000 });
  });

  it.each([
    ['a date', new Date(Date.now() + 90_000).toUTCString(), 30_000, 90_000],
    ['more than a day', '100000', 86_400_000, 86_400_000],
    ['a time that is past', 'Wed, 01 Jan 2020 00:00:00 GMT', 0, 0],
  ])('of a rate limit may say %s', async (_, retryAfter, least, most) => {
    const api = await listen((_, res) => res.writeHead(429, { 'retry-after': retryAfter }).end('{}'));
    const { retryAfterMs } = await failureOf(open({}, { apiBaseUrl: `${api}/v1` }));
    expect(retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(retryAfterMs).toBeLessThanOrEqual(most);
  });

  it('of a rate limit may say nothing', async () => {
    const api = await listen((_, res) => res.writeHead(429, { 'retry-after': 'soon' }).end('{}'));
    expect((await failureOf(open({}, { apiBaseUrl: `${api}/v1` }))).retryAfterMs).toBeNull();
  });

  it('that leads elsewhere is not followed, and takes no token along', async () => {
    const seen: unknown[] = [];
    const elsewhere = await listen((req, res) => {
      seen.push(req.headers.authorization);
      res.end('{}');
    });
    const api = await listen((_, res) => res.writeHead(308, { location: `${elsewhere}/v1/x` }).end());
    expect(await failureOf(open({}, { apiBaseUrl: `${api}/v1` }))).toMatchObject({
      code: 'rejected',
      status: 308,
    });
    expect(seen).toEqual([]);
  });

  it('of the same kind on another call is not a closed checkout', async () => {
    const api = await listen((_, res) => res.writeHead(404).end('{"error":{"code":"NOT_FOUND"}}'));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    await expect(edge.readReadiness(never)).rejects.toMatchObject({ code: 'rejected', status: 404 });
  });
});

describe('an answer', () => {
  const answering = (status: number, body: string): Promise<string> =>
    listen((_, res) => res.writeHead(status, { 'content-type': 'application/json' }).end(body));
  const good = {
    checkout_url: 'https://siglume.com/pay/chk_1',
    session_id: 'chk_1',
    challenge_hash: 'sha256:abc',
    status: 'open',
  };

  it.each([
    ['without an envelope', JSON.stringify(good)],
    ['with members nobody knows', JSON.stringify({ data: { ...good, more: {} }, meta: null })],
    ['with an end that is null', JSON.stringify({ data: { ...good, expires_at: null } })],
  ])('%s is taken', async (_, body) => {
    const api = await answering(200, body);
    expect(await open({}, { apiBaseUrl: `${api}/v1` })).toMatchObject({
      sessionId: 'chk_1',
      expiresAtMs: null,
    });
  });

  it.each([
    ['no address', { checkout_url: undefined }],
    ['an address that is a script', { checkout_url: 'javascript:alert(1)' }],
    ['an address over plain http', { checkout_url: 'http://siglume.com/pay/1' }],
    ['no session', { session_id: '' }],
    ['a session that leaves its path', { session_id: '../merchants' }],
    ['no hash', { challenge_hash: null }],
    ['an end without a zone', { expires_at: '2026-06-20T12:00:00' }],
    ['an end that is no time', { expires_at: 'soon' }],
  ])('with %s is not, for the buyer must not go on what was not stored', async (_, change) => {
    const api = await answering(201, JSON.stringify({ data: { ...good, ...change } }));
    const failure = await failureOf(open({}, { apiBaseUrl: `${api}/v1` }));
    expect(failure.code).toBe('unreadable-answer');
    expect(fateOf(failure)).toBe('keep');
  });

  it.each([
    ['nothing', ''],
    ['null', '{"data":null}'],
    ['a list', '[]'],
  ])('of %s is not', async (_, body) => {
    const api = await answering(200, body);
    expect((await failureOf(open({}, { apiBaseUrl: `${api}/v1` }))).code).toBe('unreadable-answer');
  });

  it.each([
    [404, '', 'checkout-unavailable'],
    [404, '<html>', 'checkout-unavailable'],
    [404, '{"code":"not_found"}', 'checkout-unavailable'],
    [404, '{"error":{"code":"CHECKOUT_SESSION_NOT_FOUND"}}', 'rejected'],
    [409, '{}', 'rejected'],
    [409, '{"code":"hosted_checkout_not_enabled"}', 'checkout-unavailable'],
    [500, '{"error":{"code":"HOSTED_CHECKOUT_NOT_ENABLED"}}', 'unavailable'],
  ])('of %i %s is %s', async (status, body, code) => {
    const api = await answering(status, body);
    expect((await failureOf(open({}, { apiBaseUrl: `${api}/v1` }))).code).toBe(code);
  });

  it('that a caller no longer waits for ends with the caller’s own reason', async () => {
    sandbox.faults.set('hangs-after-creating', true);
    const caller = new AbortController();
    const asked = edgeFor(sandbox).openCheckout(request(), caller.signal);
    const stop = sandbox.onActivity(({ kind }) => {
      if (kind === 'session') caller.abort(new Error('closing'));
    });
    await expect(asked).rejects.toThrow('closing');
    stop();
  });

  it('from nobody is told as unavailable', async () => {
    const failure = await failureOf(open({}, { apiBaseUrl: 'http://127.0.0.1:9/v1' }));
    expect(failure).toMatchObject({ code: 'unavailable', status: null });
  });
});

describe('readCheckout', () => {
  const read = (id: string) => edgeFor(sandbox).readCheckout(id, never);

  it('says how a session stands, from opened to paid', async () => {
    const { sessionId } = await open();
    const standing = async () => standingOfSession(await read(sessionId), Date.now());
    expect(await standing()).toBe('live');
    sandbox.sessions.act(sessionId, 'sign-in');
    expect(await standing()).toBe('live');
    sandbox.sessions.act(sessionId, 'buy');
    expect(await standing()).toBe('paid');
    expect(await read(sessionId)).toMatchObject({
      settlementStatus: 'settled',
      requirementId: expect.stringMatching(/^dpr_/) as string,
      claimed: { merchant: 'sandbox_shop', amountMinor: 1200, currency: 'JPY' },
    });
  });

  it.each(['cancel', 'expire', 'fail'] as const)(
    'says after %s that nothing more begins there',
    async (action) => {
      const { sessionId } = await open();
      sandbox.sessions.act(sessionId, action);
      expect(standingOfSession(await read(sessionId), Date.now())).toBe('dead');
    },
  );

  it('knows a session that is not there from a checkout that is closed', async () => {
    expect(await read('chk_none')).toBeNull();
    sandbox.faults.set('not-found', true);
    await expect(read('chk_none')).rejects.toMatchObject({ code: 'checkout-unavailable' });
  });

  it('takes no trouble of the vendor for a session that is not there', async () => {
    const body = '{"error":{"code":"CHECKOUT_SESSION_NOT_FOUND"}}';
    const api = await listen((_, res) => res.writeHead(500).end(body));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    await expect(edge.readCheckout('chk_1', never)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each(['../merchants', 'a/b', 'a?b', '', '.', '..', '%2e%2e', 'a b'])(
    'puts no %j into a URL',
    async (id) => {
      expect(await read(id)).toBeNull();
      expect(sandbox.activity.list().filter(({ kind }) => kind === 'api')).toEqual([]);
    },
  );

  it('refuses an answer about another session', async () => {
    const api = await listen((_, res) => res.end('{"data":{"session_id":"chk_2","status":"paid"}}'));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    await expect(edge.readCheckout('chk_1', never)).rejects.toMatchObject({ code: 'unreadable-answer' });
  });
});

describe('readReadiness', () => {
  it('names what is missing', async () => {
    const edge = edgeFor(sandbox);
    expect(await edge.readReadiness(never)).toEqual({
      ready: true,
      missingRequirements: [],
      blockers: [],
      liveModeEnabled: true,
      responsibilityAttested: true,
    });
    sandbox.setReadiness('live_mode', false);
    expect(await edge.readReadiness(never)).toMatchObject({
      ready: false,
      missingRequirements: ['live_mode'],
      liveModeEnabled: false,
    });
  });

  it('takes the object without its wrapping, and does not take a word for ready', async () => {
    const answers = ['{"ready":true,"blockers":[{"code":"a"},7]}', '{"ready":"yes"}'];
    const api = await listen((_, res) => res.end(answers.shift()));
    const edge = edgeFor(sandbox, { apiBaseUrl: `${api}/v1` });
    expect(await edge.readReadiness(never)).toMatchObject({ ready: true, blockers: ['a', 'unnamed'] });
    await expect(edge.readReadiness(never)).rejects.toMatchObject({ code: 'unreadable-answer' });
  });
});

it('meets a buyer’s whole way: opened, paid, announced, and the announcement fits', async () => {
  const receiver = await startReceiver();
  sandbox.webhooks.add({ callbackUrl: receiver.url, eventTypes: ['direct_payment.confirmed'] });
  const edge = edgeFor(sandbox);
  const { sessionId, challengeHash } = await open();
  sandbox.sessions.act(sessionId, 'buy');
  await sandbox.idle();
  const { body, headers } = receiver.received[0]!;
  const meaning = edge.decode(edge.verify(Buffer.from(body), new Headers(headers), Date.now()));
  if (meaning.kind !== 'settled') throw new Error(`it is ${meaning.kind}`);
  expect(meaning.challengeHash).toBe(challengeHash);
  expect(edge.compare(meaning.claimed, { amountMinor: 1200, currency: 'JPY' })).toEqual([]);
  await receiver.close();
});
