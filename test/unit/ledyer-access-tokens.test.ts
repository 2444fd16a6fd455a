import { beforeEach, describe, expect, it } from 'vitest';
import { AccessTokens, type IssuedToken } from '../../src/fulfillment/vendors/ledyer/access-tokens.js';

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

let nowMs: number;
let asked: { answer: (lifetimeMs?: number) => void; fail: (error: Error) => void; signal: AbortSignal }[];
let tokens: AccessTokens;

beforeEach(() => {
  nowMs = 0;
  asked = [];
  tokens = new AccessTokens(
    (signal) =>
      new Promise<IssuedToken>((resolve, reject) => {
        const accessToken = `token-${asked.length + 1}`;
        asked.push({
          answer: (lifetimeMs = HOUR_MS) => resolve({ accessToken, lifetimeMs }),
          fail: reject,
          signal,
        });
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    () => nowMs,
  );
});

async function first(lifetimeMs?: number): Promise<string> {
  const token = tokens.get(never);
  asked.at(-1)!.answer(lifetimeMs);
  return token;
}

describe('the access token', () => {
  it('is reused until a minute before its end', async () => {
    await first();
    nowMs = HOUR_MS - 60_001;
    expect(await tokens.get(never)).toBe('token-1');
    nowMs = HOUR_MS - 60_000;
    expect(await first()).toBe('token-2');
  });

  it('of a short life is used for nine tenths of it', async () => {
    await first(10_000);
    nowMs = 8_999;
    expect(await tokens.get(never)).toBe('token-1');
    nowMs = 9_000;
    void tokens.get(never);
    expect(asked).toHaveLength(2);
  });

  it('counts its life from when it was asked for', async () => {
    const token = tokens.get(never);
    nowMs = 30_000;
    asked[0]!.answer();
    await token;
    nowMs = HOUR_MS - 60_000;
    void tokens.get(never);
    expect(asked).toHaveLength(2);
  });

  it('is asked for once, however many want it', async () => {
    const all = Array.from({ length: 50 }, () => tokens.get(new AbortController().signal));
    expect(asked).toHaveLength(1);
    asked[0]!.answer();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['token-1']));
  });

  it('is asked for once by all who were refused with the old one', async () => {
    await first();
    tokens.drop('token-1');
    tokens.drop('token-1');
    const all = [tokens.get(never), tokens.get(never)];
    expect(asked).toHaveLength(2);
    asked[1]!.answer();
    expect(await Promise.all(all)).toEqual(['token-2', 'token-2']);
  });

  it('that came meanwhile is not dropped by who was refused with the one before', async () => {
    await first();
    tokens.drop('token-1');
    await first();
    tokens.drop('token-1');
    expect(await tokens.get(never)).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  it('that could not be had fails all who waited, and is asked for again by the next', async () => {
    const all = [tokens.get(never), tokens.get(never)];
    asked[0]!.fail(new Error('down'));
    expect(await Promise.allSettled(all)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(await first()).toBe('token-2');
  });
});

describe('a caller who gives up', () => {
  it('leaves the others waiting', async () => {
    const leaving = new AbortController();
    const left = tokens.get(leaving.signal);
    const staying = tokens.get(never);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(asked[0]!.signal.aborted).toBe(false);
    asked[0]!.answer();
    expect(await staying).toBe('token-1');
  });

  it('as the last one ends the call, and the next begins a new one', async () => {
    const leaving = new AbortController();
    const left = tokens.get(leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(asked[0]!.signal.aborted).toBe(true);
    expect(await first()).toBe('token-2');
  });

  it('before asking asks for nothing', async () => {
    await expect(tokens.get(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(asked).toEqual([]);
  });
});
