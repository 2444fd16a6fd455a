import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/fulfillment/errors.js';
import { ledyerClient } from '../../src/fulfillment/vendors/ledyer/client.js';
import { readOptions } from '../../src/fulfillment/vendors/ledyer/options.js';
import { stableKey } from '../../src/fulfillment/vendors/ledyer/stable-key.js';
import { LEDYER_OPTIONS } from '../support/ledyer.js';

describe('ledyerClient(options)', () => {
  it('calls nobody before it is asked to', () => {
    const fetch = (): never => {
      throw new Error('called');
    };
    expect(() => ledyerClient({ ...LEDYER_OPTIONS, fetch })).not.toThrow();
  });

  it.each([
    ['sandbox', 'https://auth.sandbox.ledyer.com', 'https://api.sandbox.ledyer.com'],
    ['live', 'https://auth.live.ledyer.com', 'https://api.live.ledyer.com'],
  ] as const)('reaches the hosts of %s', (environment, authBaseUrl, apiBaseUrl) => {
    expect(readOptions({ ...LEDYER_OPTIONS, environment })).toMatchObject({ authBaseUrl, apiBaseUrl });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['another environment', { environment: 'production' }, /environment must be/],
    ['a misspelled name', { timeoutMS: 1 }, /^ledyer: timeoutMS is not an option; did you mean timeoutMs\?/],
    ['no client id', { clientId: '' }, /clientId must be as/],
    ['a colon in the client id', { clientId: 'a:b' }, /clientId must be as/],
    ['a line break in the secret', { clientSecret: 'fake\nsecret' }, /clientSecret must be as/],
    ['a merchant that is none', { merchantId: 'shop' }, /merchantId must be/],
    [
      'plain http to another machine',
      { apiBaseUrl: 'http://api.live.ledyer.com' },
      /apiBaseUrl must be https/,
    ],
    ['a name that only looks like loopback', { authBaseUrl: 'http://localhost.evil.test' }, /must be https/],
    ['a host with a path', { apiBaseUrl: 'https://api.live.ledyer.com/v1' }, /must be a host alone/],
    ['a host with a user', { apiBaseUrl: 'https://a:b@api.live.ledyer.com' }, /must be a host alone/],
    ['a host that is no URL', { authBaseUrl: 'auth.live.ledyer.com' }, /must be a URL/],
    ['no time at all', { timeoutMs: 0 }, /timeoutMs must be a number/],
    ['a time that is none', { tokenTimeoutMs: Number.NaN }, /tokenTimeoutMs must be a number/],
  ])('refuses %s, and repeats no secret', (_, change, message) => {
    const make = (): unknown => ledyerClient({ ...LEDYER_OPTIONS, ...change });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/fake|secret\b.*fake/);
  });
});

describe('an idempotency key', () => {
  it('is the same for the same act, and a UUID in form', () => {
    expect(stableKey('capture', 'or_1')).toBe(stableKey('capture', 'or_1'));
    expect(stableKey('capture', 'or_1')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('is another for another act, however its parts are cut', () => {
    const keys = [stableKey('a', 'bc'), stableKey('ab', 'c'), stableKey('abc'), stableKey('a', 'b', 'c')];
    expect(new Set(keys).size).toBe(4);
  });
});
