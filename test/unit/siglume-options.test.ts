import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/fulfillment/errors.js';
import { siglumeEdge, type SiglumeOptions } from '../../src/fulfillment/vendors/siglume/index.js';
import { SIGLUME_OPTIONS } from '../support/siglume.js';

describe('siglumeEdge(options)', () => {
  it('is made without calling anyone', () => {
    const edge = siglumeEdge({
      ...SIGLUME_OPTIONS,
      fetch: () => {
        throw new Error('called');
      },
    });
    expect(edge).toMatchObject({ name: 'siglume', acceptedStatus: 204 });
  });

  it.each([undefined, 'https://siglume.com/v1/', 'http://localhost:8787/v1', 'http://[::1]:8787/v1'])(
    'takes the base %s',
    (apiBaseUrl) => {
      const options: Record<string, unknown> = { ...SIGLUME_OPTIONS, apiBaseUrl };
      expect(() => siglumeEdge(options as unknown as SiglumeOptions)).not.toThrow();
    },
  );

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a misspelled name', { returnURL: 'x' }, /returnURL is not an option; did you mean returnUrl\?/],
    ['no merchant', { merchant: undefined }, /merchant must be the merchant key/],
    ['a merchant with a dot', { merchant: 'a.b.c' }, /merchant must be the merchant key/],
    ['a merchant of two characters', { merchant: 'ab' }, /merchant must be the merchant key/],
    ['a base that is no URL', { apiBaseUrl: 'siglume.com' }, /apiBaseUrl must be a URL/],
    ['plain http to another machine', { apiBaseUrl: 'http://siglume.com/v1' }, /apiBaseUrl must be https/],
    [
      'a name that only looks like loopback',
      { apiBaseUrl: 'http://localhost.evil.test/v1' },
      /must be https/,
    ],
    ['a base with a user', { apiBaseUrl: 'https://a:b@siglume.com/v1' }, /no user, query or fragment/],
    ['a base without its version', { apiBaseUrl: 'https://siglume.com/' }, /must end in \/v1/],
    ['no token', { merchantToken: '' }, /merchantToken must be/],
    ['a token with a line break', { merchantToken: 'fake\n' }, /merchantToken must be/],
    ['a portal key', { merchantToken: 'cli_fake' }, /merchantToken is a portal key/],
    ["a provider's portal key", { providerToken: 'cli_fake' }, /providerToken is a portal key/],
    ['no secret', { webhookSecrets: [] }, /webhookSecrets must be a list/],
    ['one secret without its list', { webhookSecrets: 'whsec_x' }, /webhookSecrets must be a list/],
    ['an empty secret', { webhookSecrets: ['whsec_a', ' '] }, /webhookSecrets\[1\] must be the whole whsec_/],
    ['a secret that is its prefix alone', { webhookSecrets: ['whsec_'] }, /webhookSecrets\[0\] must be/],
    ['a secret without its prefix', { webhookSecrets: ['abc'] }, /webhookSecrets\[0\] must be/],
    ['no return origin', { returnOrigins: [] }, /returnOrigins must list/],
    [
      'a return origin over plain http',
      { returnOrigins: ['http://shop.example'] },
      /returnOrigins\[0\] must be/,
    ],
    [
      'a return origin that is a script',
      { returnOrigins: ['javascript:alert(1)'] },
      /returnOrigins\[0\] must be/,
    ],
    ['an empty challenge secret', { challengeSecret: ' ' }, /challengeSecret must be/],
    [
      'a window that is no number',
      { replayWindowSeconds: Number.NaN },
      /replayWindowSeconds must be a number/,
    ],
    ['a window without an end', { replayWindowSeconds: Infinity }, /replayWindowSeconds must be a number/],
    ['a window of nothing', { replayWindowSeconds: 0 }, /replayWindowSeconds must be a number/],
    ['a time-out of nothing', { timeoutMs: 0 }, /timeoutMs must be a number/],
    [
      'leave for small payments that is no yes or no',
      { allowMeteredPayments: 'yes' },
      /must be true or false/,
    ],
  ])('refuses %s, naming the option', (_, change, message) => {
    const options = { ...SIGLUME_OPTIONS, ...change };
    expect(() => siglumeEdge(options)).toThrow(ConfigurationError);
    expect(() => siglumeEdge(options)).toThrow(message);
  });

  it('repeats no secret in an error', () => {
    const options = { ...SIGLUME_OPTIONS, webhookSecrets: ['topsecret'], merchantToken: 'cli_topsecret' };
    for (const change of [options, { ...SIGLUME_OPTIONS, merchantToken: 'cli_topsecret' }]) {
      expect(() => siglumeEdge(change)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('topsecret') as string }),
      );
    }
  });
});

describe('accepts', () => {
  const price = (amountMinor: number, currency: string) =>
    siglumeEdge(SIGLUME_OPTIONS).accepts({ amountMinor, currency });

  it.each([
    [501, 'JPY', 'yes'],
    [500, 'JPY', 'metered'],
    [1, 'JPY', 'metered'],
    [301, 'USD', 'yes'],
    [300, 'USD', 'metered'],
    [0, 'JPY', 'no'],
    [-1, 'JPY', 'no'],
    [1.5, 'USD', 'no'],
    [2 ** 53, 'JPY', 'no'],
    [1000, 'EUR', 'no'],
    [1000, 'jpy', 'no'],
  ])('%i %s: %s', (amountMinor, currency, answer) => {
    expect(price(amountMinor, currency)).toBe(answer);
  });

  it('takes small payments only when it was told to', () => {
    const edge = siglumeEdge({ ...SIGLUME_OPTIONS, allowMeteredPayments: true });
    expect(edge.accepts({ amountMinor: 30, currency: 'USD' })).toBe('yes');
    expect(edge.accepts({ amountMinor: 0, currency: 'USD' })).toBe('no');
  });
});
