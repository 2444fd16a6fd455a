/** From which address a Node server says that a request comes. */
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { toNodeHandler, type NodeHandlerOptions } from '../../src/fulfillment/http/node.js';
import { closeServers, listen } from '../support/http.js';

afterEach(closeServers);

const target = {
  fetch: (_: Request, info?: { readonly clientAddress?: string | undefined }) =>
    Promise.resolve(new Response(info?.clientAddress ?? 'none')),
};

async function addressOf(origin: string, forwardedFor?: string): Promise<string> {
  const headers: HeadersInit = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return (await (await fetch(`${origin}/checkout/x`, { headers })).text()).replace('::ffff:', '');
}

describe('the address of a client', () => {
  it('is the socket’s, whatever the client writes', async () => {
    const origin = await listen(toNodeHandler(target));
    expect(await addressOf(origin, '203.0.113.9')).toBe('127.0.0.1');
  });

  it.each([
    ['what the one proxy saw', 1, '203.0.113.9', '203.0.113.9'],
    ['what the proxy saw, not what the client claims', 1, '6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['what the outer of two saw', 2, '6.6.6.6, 203.0.113.9, 198.51.100.1', '203.0.113.9'],
    ['an IPv6 address in brackets', 1, '[2001:db8::7]:4711', '2001:db8::7'],
    ['the socket’s where somebody came past the proxies', 2, '6.6.6.6', '127.0.0.1'],
    ['the socket’s where the header is empty', 1, '', '127.0.0.1'],
    ['the socket’s with no proxy at all', 0, '203.0.113.9', '127.0.0.1'],
  ])('is %s', async (_, trustedProxies, header, expected) => {
    const origin = await listen(toNodeHandler(target, { trustedProxies }));
    expect(await addressOf(origin, header)).toBe(expected);
  });

  it('is Express’s own, by the app’s trust proxy', async () => {
    const plain = express().use(toNodeHandler(target));
    expect(await addressOf(await listen(plain), '203.0.113.9')).toBe('127.0.0.1');
    const trusting = express().set('trust proxy', 1).use(toNodeHandler(target));
    expect(await addressOf(await listen(trusting), '203.0.113.9')).toBe('203.0.113.9');
  });

  it('is by trustedProxies where both are given', async () => {
    const app = express()
      .set('trust proxy', true)
      .use(toNodeHandler(target, { trustedProxies: 1 }));
    expect(await addressOf(await listen(app), '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9');
  });

  it.each([-1, 1.5, Number.NaN, '1', true])('is not found by trustedProxies: %j', (trustedProxies) => {
    const options = { trustedProxies } as NodeHandlerOptions;
    expect(() => toNodeHandler(target, options)).toThrow(/trustedProxies must be the number of proxies/);
  });
});
