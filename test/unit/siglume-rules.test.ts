import { describe, expect, it } from 'vitest';
import { VendorError, type VendorErrorCode } from '../../src/fulfillment/errors.js';
import { codeForBuyer } from '../../src/fulfillment/open-redirect.js';
import { fateOf, standingOfSession } from '../../src/fulfillment/vendors/siglume/attempt-fate.js';
import { standingOfBatch } from '../../src/fulfillment/vendors/siglume/batch-state.js';
import {
  expectChallengeHash,
  hashChallenge,
  hashRequest,
  hashRequestV2,
  signChallenge,
} from '../../src/fulfillment/vendors/siglume/challenge.js';
import type { CheckoutReading, SessionStatus } from '../../src/fulfillment/vendors/siglume/checkout.js';
import { parseDecimal } from '../../src/fulfillment/vendors/siglume/decimal.js';
import { siglumeEdge } from '../../src/fulfillment/vendors/siglume/index.js';
import { stableNonce } from '../../src/fulfillment/vendors/siglume/nonce.js';
import { pricingBandOf } from '../../src/fulfillment/vendors/siglume/pricing.js';
import { acceptReturnUrl, readReturnOrigin } from '../../src/fulfillment/vendors/siglume/return-url.js';
import { SIGLUME_OPTIONS, VECTORS } from '../support/siglume.js';

describe('a challenge', () => {
  it.each(VECTORS.challenge_vectors)(
    'of $signed_material is the vector’s',
    ({ secret, input, ...expected }) => {
      const { merchant, currency, nonce, amount_minor: amountMinor } = input;
      const terms = { merchant, amountMinor, currency, nonce };
      const challenge = signChallenge(secret, terms);
      expect(challenge).toBe(expected.challenge);
      expect(hashChallenge(challenge)).toBe(expected.challenge_hash);
      expect(expectChallengeHash(` ${secret}\n`, terms)).toBe(expected.challenge_hash);
      expect(hashRequest(terms, challenge)).toBe(expected.request_hash);
      expect(hashRequestV2(terms, challenge)).toBe(expected.request_hash_v2);
    },
  );

  it.each(['', ' ', 'a:b'])('is not written for the nonce %j', (nonce) => {
    const terms = { merchant: 'm', amountMinor: 1, currency: 'JPY', nonce };
    expect(() => signChallenge('secret', terms)).toThrow(RangeError);
  });

  it('is foretold only with the secret', () => {
    const price = { amountMinor: 1200, currency: 'JPY' };
    expect(siglumeEdge(SIGLUME_OPTIONS).expectChallengeHash(price, 'n')).toBeNull();
    const [vector] = VECTORS.challenge_vectors;
    const edge = siglumeEdge({
      ...SIGLUME_OPTIONS,
      merchant: 'vector_shop',
      challengeSecret: vector!.secret,
    });
    expect(edge.expectChallengeHash(price, vector!.input.nonce)).toBe(vector!.challenge_hash);
  });
});

describe('a nonce', () => {
  it('is the same for the same attempt, and another for any other', () => {
    expect(stableNonce('order-1', 'a')).toBe(stableNonce('order-1', 'a'));
    const nonces = [
      ['order-1', 'a'],
      ['order-1', 'b'],
      ['order-2', 'a'],
      ['order-1a', ''],
      ['order-1:a', 'b'],
      ['order-1', 'a:b'],
    ];
    expect(new Set(nonces.map(([order, attempt]) => stableNonce(order!, attempt!))).size).toBe(nonces.length);
  });

  it('has no colon and the length the vendor’s own have', () => {
    expect(stableNonce('a:b', 'c:d')).toMatch(/^sdrp-[0-9a-f]{32}$/);
  });
});

it.each([
  [501, 'JPY', 'standard'],
  [500, 'JPY', 'micro'],
  [50, 'JPY', 'micro'],
  [49, 'JPY', 'nano'],
  [1, 'JPY', 'nano'],
  [301, 'USD', 'standard'],
  [300, 'USD', 'micro'],
  [31, 'USD', 'micro'],
  [30, 'USD', 'nano'],
  [1, 'USD', 'nano'],
] as const)('%i %s is of the band %s', (amountMinor, currency, band) => {
  expect(pricingBandOf(amountMinor, currency)).toBe(band);
});

describe('a return URL', () => {
  const origins = ['https://shop.example', 'http://localhost:3000'];

  it.each([
    ['https://shop.example/done?x=1', 'https://shop.example/done?x=1'],
    ['https://SHOP.example:443/done', 'https://shop.example/done'],
    ['https://shop.example/done#part', 'https://shop.example/done'],
    ['http://localhost:3000/', 'http://localhost:3000/'],
  ])('%s is taken', (given, taken) => {
    expect(acceptReturnUrl(given, origins)).toBe(taken);
  });

  it.each([
    'https://evil.example/',
    'https://shop.example.evil.test/',
    'https://shop.example:8443/',
    'http://shop.example/',
    'https://a@shop.example/',
    'https://shop.example@evil.test/',
    'javascript:alert(1)',
    'data:text/html,x',
    '//shop.example/',
    '/done',
    '',
    `https://shop.example/${'x'.repeat(2048)}`,
    undefined,
    7,
  ])('%s is not', (given) => {
    expect(acceptReturnUrl(given, origins)).toBeNull();
  });

  it('is listed by its origin alone', () => {
    expect(readReturnOrigin('https://Shop.example/a/b')).toBe('https://shop.example');
    expect(readReturnOrigin('http://shop.example')).toBeNull();
    expect(readReturnOrigin('http://127.0.0.1:8080/x')).toBe('http://127.0.0.1:8080');
  });
});

describe('an attempt', () => {
  const error = (
    code: VendorErrorCode,
    status: number | null,
    vendorCode: string | null = null,
  ): VendorError => new VendorError(code, 'x', { status, vendorCode });

  it.each<[VendorError, 'keep' | 'ask']>([
    [error('timeout', null), 'keep'],
    [error('unavailable', 500), 'keep'],
    [error('unavailable', null), 'keep'],
    [error('rate-limited', 429), 'keep'],
    [error('unreadable-answer', 201), 'keep'],
    [error('checkout-unavailable', 409, 'HOSTED_CHECKOUT_NOT_ENABLED'), 'keep'],
    [error('rejected', 422, 'VALIDATION_ERROR'), 'keep'],
    [error('rejected', 409, 'SOMETHING_NEW'), 'keep'],
    [error('rejected', 409, 'CHECKOUT_NONCE_CONFLICT'), 'ask'],
  ])('after $code ($status $vendorCode): %s', (failure, fate) => {
    expect(fateOf(failure)).toBe(fate);
  });

  it.each<[SessionStatus, number | null, string]>([
    ['open', 2000, 'live'],
    ['open', null, 'live'],
    ['open', 1000, 'dead'],
    ['authenticated', 2000, 'live'],
    ['authenticated', 500, 'live'],
    ['paid', 500, 'paid'],
    ['expired', 2000, 'dead'],
    ['cancelled', 2000, 'dead'],
    ['failed', 2000, 'dead'],
    ['unknown', 500, 'unclear'],
  ])('whose session is %s until %s stands %s', (status, expiresAtMs, standing) => {
    expect(standingOfSession({ status, expiresAtMs } as CheckoutReading, 1000)).toBe(standing);
  });

  it('whose session the vendor does not know is lost', () => {
    expect(standingOfSession(null, 1000)).toBe('lost');
  });

  it.each<[VendorErrorCode, string]>([
    ['rate-limited', 'vendor_unavailable'],
    ['unavailable', 'vendor_unavailable'],
    ['timeout', 'vendor_unavailable'],
    ['unreadable-answer', 'vendor_unavailable'],
    ['checkout-unavailable', 'checkout_unavailable'],
    ['unauthorized', 'checkout_unavailable'],
    ['forbidden', 'checkout_unavailable'],
    ['rejected', 'checkout_unavailable'],
  ])('that met %s tells the buyer %s', (code, told) => {
    expect(codeForBuyer(error(code, null))).toBe(told);
  });
});

describe('a settlement batch', () => {
  it.each([
    ['settled', null, 'chain_1', 'settled'],
    ['settled', null, null, 'open'],
    ['past_due', null, null, 'stuck'],
    ['submitted_reconcile_required', null, null, 'open'],
    ['failed', null, null, 'open'],
    ['notice_delivery_failed', null, null, 'open'],
    ['uncollectible', null, null, 'uncollectible'],
    ['written_off', null, null, 'written_off'],
    ['past_due', 'written_off', null, 'written_off'],
    ['settled', 'uncollectible', 'chain_1', 'uncollectible'],
    ['settled_soon', null, 'chain_1', 'unknown'],
    ['Settled', null, 'chain_1', 'unknown'],
  ])('%s, ended %s, receipt %s: %s', (status, terminalStatus, chainReceiptId, standing) => {
    expect(standingOfBatch({ status, terminalStatus, chainReceiptId })).toBe(standing);
  });
});

describe('a decimal amount', () => {
  it.each([
    ['98', 98n * 10n ** 18n],
    ['0.2', 2n * 10n ** 17n],
    ['0.20', 2n * 10n ** 17n],
    ['-1.5', -15n * 10n ** 17n],
  ])('%s is read to the last digit', (given, scaled) => {
    expect(parseDecimal(given)).toBe(scaled);
  });

  it('adds up where floating point does not', () => {
    expect(parseDecimal('0.1')! + parseDecimal('0.2')!).toBe(parseDecimal('0.3')!);
  });

  it.each(['', '.5', '1.', '1e3', '0x1', '1,5', ' 1', 'NaN', '1'.repeat(25)])('%j is none', (given) => {
    expect(parseDecimal(given)).toBeNull();
  });
});
