/** The same order in another tab, through a real channel, and the ways back from a tab of its own. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handoff } from './handoff-stub.js';
import { eventually, hushed, isInView, judged, mount, PICK, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const ORDER = 'handoff-url="/tabs/checkout" order="ord_1"';

/** What the element in the other tab says. */
const WORD = {
  v: 1,
  base: new URL('/tabs/checkout', location.href).href,
  key: '["ledgerbee","ord_1",""]',
  attempt: null,
} as const;

let otherTab: BroadcastChannel;
let said: unknown[];

beforeEach(() => {
  hushed();
  localStorage.clear();
  said = [];
  otherTab = new BroadcastChannel('checkout-embed');
  otherTab.onmessage = ({ data }: MessageEvent<{ word: unknown }>) => said.push(data.word);
});
afterEach(() => {
  otherTab.close();
  vi.restoreAllMocks();
});

describe('another tab says', () => {
  it.each(['pending', 'confirmed'] as const)('%s: the order is not offered here any more', async (word) => {
    handoff();
    const element = await mount(`target="inline" ${ORDER}`);
    await reach(element, 'ready');
    otherTab.postMessage({ ...WORD, word });
    await reach(element, word);
    expect(isInView(element)).toBe(false);
    // Not said back.
    await judged();
    expect(said).toEqual([]);
  });

  it('settled: this one settles by its own question alone', async () => {
    const backend = handoff();
    const element = await mount(`target="inline" ${ORDER}`);
    await reach(element, 'ready');
    otherTab.postMessage({ ...WORD, word: 'settled' });
    await reach(element, 'confirmed');
    await eventually(() => expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(0));
    expect(element.state).toBe('confirmed');
    backend.status = 'fulfilled';
    await reach(element, 'settled');
  });

  it('settled, where nobody can be asked: a thank-you, never done', async () => {
    const element = await mount('target="inline" order="ord_1"');
    await reach(element, 'ready');
    otherTab.postMessage({ ...WORD, base: '', word: 'settled' });
    await reach(element, 'confirmed');
    await judged();
    expect(element.state).toBe('confirmed');
  });

  it('returned, as any link can make it: worth a question, and nothing moves', async () => {
    const backend = handoff();
    const element = await mount(`target="inline" ${ORDER}`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    otherTab.postMessage({ ...WORD, word: 'returned' });
    await eventually(() => expect(backend.to('GET /attempts/att_1')).toHaveLength(1));
    expect(element.state).toBe('checkout');
  });

  it.each([
    ['of another order', { key: '["ledgerbee","ord_2",""]' }],
    ['of another backend', { base: 'https://elsewhere.example/checkout' }],
    ['in words nobody knows', { word: 'done' }],
  ])('something %s: nothing moves', async (_, change) => {
    handoff();
    const element = await mount(`target="inline" ${ORDER}`);
    await reach(element, 'ready');
    otherTab.postMessage({ ...WORD, word: 'confirmed', ...change });
    otherTab.postMessage({ ...WORD, word: 'pending' });
    // Messages come in their order: by then the first has been here.
    await reach(element, 'pending');
    // The next test begins when this one's attempt has.
    await eventually(() => expect(element.attemptId).toBe('att_1'));
  });
});

describe('this tab tells', () => {
  it('what it heard and what was settled, once each, also where storage is forbidden', async () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
    const backend = handoff();
    // The page remembers what storage does not take: this has a backend and an order of its own.
    const own = ORDER.replace('/tabs/', '/tabs-refused/').replace('ord_1', 'ord_refused');
    const element = await mount(`target="inline" ${own}`);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    backend.status = 'fulfilled';
    await reach(element, 'settled');
    await eventually(() => expect(said).toEqual(['confirmed', 'settled']));
  });

  it('only that somebody came back, where a link is all there is', async () => {
    handoff();
    const here = location.href;
    history.replaceState(null, '', '?subscriptionId=sub_1');
    const element = await mount(`target="inline" ${ORDER}`);
    expect(element.state).toBe('confirmed');
    history.replaceState(null, '', here);
    await eventually(() => expect(said).toEqual(['returned']));
  });

  it('the other checkouts of its own page too', async () => {
    handoff();
    const one = await mount(`target="inline" ${ORDER}`);
    const same = await mount(`target="inline" ${ORDER}`);
    const other = await mount('target="inline" handoff-url="/tabs/checkout" order="ord_2"');
    await Promise.all([one, same, other].map((element) => reach(element, 'ready')));
    say(one, 'checkoutConfirmed', CONFIRMED);
    await reach(same, 'confirmed');
    expect(isInView(same)).toBe(false);
    await judged();
    expect(other.state).toBe('ready');
  });
});

describe('a checkout that broke out', () => {
  it.each(['_blank', '_top'])('to %s is watched until the backend settles it', async (target) => {
    const backend = handoff();
    const element = await mount(`target="${target}" ${ORDER}`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    backend.status = 'fulfilled';
    await reach(element, 'settled');
  });

  it('to another window is asked about at once when the buyer is back', async () => {
    const element = await mount('target="_blank" order="ord_window"');
    const ask = vi.fn(() => Promise.resolve({ status: 'open' as const }));
    element.getStatus = ask;
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    // Of before, and because it begins; then the schedule waits for a second.
    await eventually(() => expect(ask.mock.calls.length).toBeGreaterThan(1));
    await judged();
    const before = ask.mock.calls.length;
    window.dispatchEvent(new Event('focus'));
    await judged();
    expect(ask.mock.calls.length).toBeGreaterThan(before);
  });

  it('without a word, as OnPay does, is asked about when the buyer is back', async () => {
    const backend = handoff();
    const element = await mount(`target="inline" ${ORDER}`);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    backend.status = 'fulfilled';
    expect(backend.to('GET /attempts/att_1')).toEqual([]);
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'settled');
  });
});

function refuse(): never {
  throw new DOMException('No storage here.', 'SecurityError');
}
