import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/fulfillment/errors.js';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { LEDGERBEE_OPTIONS, newSecret } from '../support/ledgerbee.js';

describe('ledgerbee(options)', () => {
  it('makes an adapter without calling anyone', () => {
    const adapter = ledgerbee({
      ...LEDGERBEE_OPTIONS,
      fetch: () => {
        throw new Error('called');
      },
    });
    expect(adapter).toMatchObject({ name: 'ledgerbee', acceptedStatus: 204 });
  });

  it.each([
    'https://api.ledgerbee.com/api/v1',
    'https://api.ledgerbee.com/api/v1/',
    'http://127.0.0.1:4320/api/v1',
    'http://localhost:4320/api/v1',
    'http://[::1]:4320/api/v1',
  ])('takes the base %s', (apiBaseUrl) => {
    expect(() => ledgerbee({ ...LEDGERBEE_OPTIONS, apiBaseUrl })).not.toThrow();
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a base that is no URL', { apiBaseUrl: 'api.ledgerbee.com' }, /apiBaseUrl must be a URL/],
    [
      'a misspelled name',
      { webhookSecret: 'x' },
      /webhookSecret is not an option; did you mean webhookSecrets\?/,
    ],
    ['no base', { apiBaseUrl: undefined }, /apiBaseUrl must be a URL/],
    [
      'plain http to another machine',
      { apiBaseUrl: 'http://api.ledgerbee.com/api/v1' },
      /apiBaseUrl must be https/,
    ],
    [
      'a name that only looks like loopback',
      { apiBaseUrl: 'http://localhost.evil.test/v1' },
      /must be https/,
    ],
    ['another scheme', { apiBaseUrl: 'ftp://api.ledgerbee.com/v1' }, /must be https/],
    ['a base without its version', { apiBaseUrl: 'https://api.ledgerbee.com/api' }, /must end in \/v1/],
    ['a base with a user', { apiBaseUrl: 'https://a:b@api.ledgerbee.com/v1' }, /no user, query or fragment/],
    [
      'a base with a query',
      { apiBaseUrl: 'https://api.ledgerbee.com/v1?x-api-key=1' },
      /no user, query or fragment/,
    ],
    ['an empty key', { apiKey: '' }, /apiKey must be the key/],
    ['a key with a line break', { ssoKey: 'fake\n' }, /ssoKey must be the key/],
    ['no secret', { webhookSecrets: [] }, /webhookSecrets must be a list/],
    ['one secret without its list', { webhookSecrets: newSecret() }, /webhookSecrets must be a list/],
    [
      'a secret without its prefix',
      { webhookSecrets: [newSecret(), 'abc'] },
      /webhookSecrets\[1\] must start with whsec_/,
    ],
    [
      'a secret that is no base64',
      { webhookSecrets: ['whsec_not base64!'] },
      /webhookSecrets\[0\] must be base64/,
    ],
    ['a secret of 23 bytes', { webhookSecrets: [newSecret(23)] }, /24 to 64 bytes, and holds 23/],
    ['a secret of 65 bytes', { webhookSecrets: [newSecret(65)] }, /24 to 64 bytes, and holds 65/],
    ['a replay window of nothing', { replayWindowSeconds: 0 }, /replayWindowSeconds must be a number from 1/],
    ['a replay window that is no number', { replayWindowSeconds: Number.NaN }, /replayWindowSeconds/],
    ['a negative time-out', { timeoutMs: -1 }, /timeoutMs must be a number from 1/],
  ])('refuses %s, naming the option', (_, change, message) => {
    const options = { ...LEDGERBEE_OPTIONS, ...change };
    expect(() => ledgerbee(options)).toThrow(ConfigurationError);
    expect(() => ledgerbee(options)).toThrow(message);
  });

  it.each([24, 64])('takes a secret of %i bytes', (bytes) => {
    expect(() => ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets: [newSecret(bytes)] })).not.toThrow();
  });

  it('repeats no secret in an error', () => {
    const secret = newSecret(23);
    expect(() => ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets: [secret] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret.slice(6)) as string }),
    );
  });
});
