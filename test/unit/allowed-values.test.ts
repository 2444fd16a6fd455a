import { describe, expect, it } from 'vitest';
import { inWords } from '../../src/element/allowed-values.js';

describe('what an attribute may hold', () => {
  it.each([
    ['a number from 0', 'a number from 0'],
    ['eager, lazy', 'eager, lazy'],
    ['own-url', 'a URL of this page’s own origin'],
  ])('is said in words: %s', (allowed, words) => {
    expect(inWords({ attribute: 'any', value: 'wrong', allowed })).toEqual({
      attribute: 'any',
      value: 'wrong',
      allowed: words,
    });
  });

  it.each([
    ['plan', null, 'pro-plan'],
    ['url', 'acme.portal.ledgerbee.com', 'https://acme.portal.ledgerbee.com'],
    ['url', 'http://acme.portal.ledgerbee.com/embed', 'https://acme.portal.ledgerbee.com/embed'],
    ['url', 'javascript:alert(1)', undefined],
  ])('comes with a value that would do, for %s in place of %s', (allowed, value, copy) => {
    expect(inWords({ attribute: 'any', value, allowed }).copy).toBe(copy);
  });
});
