/** Bind tokens that are held back, until somebody can hand one out or nobody will. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beneathHold, holdBindTokens, type BindTokenAsk } from '../../src/element/vendor/bind-hold.js';

type Provide = (ask: BindTokenAsk) => Promise<string | null>;

const ASK = { frame: {}, planVersionId: null, planItemId: 'item_1', vanity: null } as BindTokenAsk;

/** More turns than any way to an answer has: one that goes in circles would never let the test have its say. */
const MAX_READS = 50;

let provider: Provide | undefined;
let reads: number;

beforeEach(() => {
  provider = undefined;
  reads = 0;
  const LedgerBeeEmbed = {
    get fetchBindToken() {
      if ((reads += 1) > MAX_READS) throw new Error('asked in circles');
      return provider;
    },
    set fetchBindToken(next) {
      provider = next;
    },
  };
  vi.stubGlobal('window', { LedgerBeeEmbed });
});
afterEach(() => vi.unstubAllGlobals());

/** As `embed.js` does it. */
async function ask(): Promise<string | null | undefined> {
  return provider?.(ASK);
}

/** Something that a hold waits for. */
function wait(): { readonly until: Promise<void>; readonly end: () => void } {
  let end: () => void = () => undefined;
  const until = new Promise<void>((resolve) => (end = resolve));
  return { until, end };
}

describe('where nobody comes', () => {
  it.each([1, 2, 3])('%d holds give the word to the page’s own provider, once', async (holds) => {
    const own = vi.fn<Provide>(() => Promise.resolve('own'));
    provider = own;
    for (let hold = 0; hold < holds; hold += 1) holdBindTokens(Promise.resolve());
    expect(await ask()).toBe('own');
    expect(own).toHaveBeenCalledExactlyOnceWith(ASK);
  });

  it.each([1, 2, 3])('%d holds answer with nothing where the page has no provider', async (holds) => {
    for (let hold = 0; hold < holds; hold += 1) holdBindTokens(Promise.resolve());
    expect(await ask()).toBeNull();
  });

  it('an answer waits for every hold that was there when it was asked for', async () => {
    provider = () => Promise.resolve('own');
    const [first, second] = [wait(), wait()];
    holdBindTokens(first.until);
    holdBindTokens(second.until);
    const told = vi.fn();
    const answer = ask().then(told);
    second.end();
    await new Promise(setImmediate);
    expect(told).not.toHaveBeenCalled();
    first.end();
    await answer;
    expect(told).toHaveBeenCalledWith('own');
  });

  it('a hold that was asked before another came is answered too', async () => {
    provider = () => Promise.resolve('own');
    const first = wait();
    holdBindTokens(first.until);
    const answer = ask();
    holdBindTokens(Promise.resolve());
    first.end();
    expect(await answer).toBe('own');
  });

  it('a provider that the page has put around a hold is not asked by it again', async () => {
    holdBindTokens(Promise.resolve());
    const held = provider;
    const around = vi.fn<Provide>(async (of) => (await held?.(of)) ?? 'around');
    provider = around;
    expect(await ask()).toBe('around');
    expect(around).toHaveBeenCalledOnce();
  });
});

describe('where somebody comes meanwhile', () => {
  it.each([1, 2])('the ask is theirs, through %d holds', async (holds) => {
    const own = vi.fn<Provide>(() => Promise.resolve('own'));
    provider = own;
    const { until, end } = wait();
    for (let hold = 0; hold < holds; hold += 1) holdBindTokens(until);
    const answer = ask();
    provider = () => Promise.resolve('theirs');
    end();
    expect(await answer).toBe('theirs');
    expect(own).not.toHaveBeenCalled();
  });

  it('they find the page’s own provider beneath all holds', () => {
    const own: Provide = () => Promise.resolve('own');
    provider = own;
    holdBindTokens(Promise.resolve());
    holdBindTokens(Promise.resolve());
    expect(beneathHold(provider)).toBe(own);
  });
});
