/** How often one client may call, and who one client is. */
import { describe, expect, it } from 'vitest';
import { clientOf } from '../../src/fulfillment/http/client-address.js';
import { RateLimiter } from '../../src/fulfillment/rate-limit.js';

const T = Date.parse('2026-06-01T12:00:00Z');
const limit = { perMinute: 60, burst: 3 };

describe('a rate limit', () => {
  const taken = (limiter: RateLimiter, times: number, key = 'a', nowMs = T): number =>
    Array.from({ length: times }, () => limiter.take(key, limit, nowMs)).filter((waitMs) => waitMs === 0)
      .length;

  it('lets a burst through, and says how long to wait for the next call', () => {
    const limiter = new RateLimiter();
    expect(taken(limiter, 3)).toBe(3);
    expect(limiter.take('a', limit, T)).toBe(1000);
    expect(limiter.take('a', limit, T + 400)).toBe(600);
    expect(limiter.take('a', limit, T + 1000)).toBe(0);
    expect(limiter.take('a', limit, T + 1000)).toBe(1000);
  });

  it('holds nothing against a client that was refused', () => {
    const limiter = new RateLimiter();
    taken(limiter, 100);
    expect(limiter.take('a', limit, T + 1000)).toBe(0);
  });

  it('gives back the burst and no more, however long nobody calls', () => {
    const limiter = new RateLimiter();
    taken(limiter, 3);
    expect(taken(limiter, 10, 'a', T + 3_600_000)).toBe(3);
  });

  it('keeps clients apart', () => {
    const limiter = new RateLimiter();
    taken(limiter, 10);
    expect(taken(limiter, 10, 'b')).toBe(3);
  });

  it.each([7, 13, 90, 1000])('of %i a minute loses no call to rounding', (perMinute) => {
    const limiter = new RateLimiter();
    for (let call = 0; call < 50; call += 1) expect(limiter.take('a', { perMinute, burst: 50 }, T)).toBe(0);
    expect(limiter.take('a', { perMinute, burst: 50 }, T)).toBeGreaterThan(1);
  });

  it('locks nobody out when the clock is set back', () => {
    const limiter = new RateLimiter();
    taken(limiter, 3);
    expect(limiter.take('a', limit, T - 3_600_000)).toBe(0);
  });

  it('of a million clients keeps as many as it may, and those that were there last', () => {
    const limiter = new RateLimiter(1000);
    for (let client = 0; client < 1_000_000; client += 1) limiter.take(String(client), limit, T);
    expect(limiter.size).toBe(1000);
    expect(taken(limiter, 10, '999999')).toBe(2);
  });

  it('does not forget who keeps pressing, whoever comes meanwhile', () => {
    const limiter = new RateLimiter(100);
    taken(limiter, 3);
    for (let client = 0; client < 1000; client += 1) {
      limiter.take(`other ${client}`, limit, T);
      expect(limiter.take('a', limit, T)).toBeGreaterThan(0);
    }
  });
});

describe('one client by its address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ])('%s is %s', (address, client) => {
    expect(clientOf(address)).toBe(client);
  });

  it.each([
    ['127.0.0.1', 'a proxy on this machine'],
    ['::1', 'the same'],
    ['::ffff:10.0.0.3', 'a proxy in the private network'],
    ['172.16.0.1', 'the same'],
    ['172.31.255.255', 'the same'],
    ['192.168.1.1', 'the same'],
    ['100.64.3.2', 'shared address space'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fd12:3456::1', 'unique local'],
    ['', 'nothing'],
    ['unix:', 'a socket'],
    ['203.0.113.7, 10.0.0.1', 'a whole header'],
  ])('%j is nobody in particular: %s', (address) => {
    expect(clientOf(address)).toBeNull();
  });

  it.each(['172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '11.0.0.1'])(
    '%s is public',
    (address) => {
      expect(clientOf(address)).toBe(address);
    },
  );
});
