/** A backend, or a function of the page, that answers nothing or nonsense: what it costs the buyer, and what the developer reads. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff, pass } from './handoff-stub.js';
import { eventually, heard, hushed, judged, mount, PICK, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PENDING = { ...PICK, status: 'PENDING_VERIFICATION' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  vi.restoreAllMocks();
});

it('a backend that hangs costs the reference after ten seconds, and the attempt is begun all the same', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
  const backend = handoff();
  let open = (): void => undefined;
  backend.opens = new Promise((resolve) => (open = resolve));
  const element = await mount('target="inline" handoff-url="/hangs/checkout" order="ord_hangs"');
  await reach(element, 'ready');
  const answer = vi.fn();
  // By the clock of the page, which real time moves on too: the busier the machine, the more.
  const askedAtMs = Date.now();
  let afterMs = 0;
  void mint(element).then((token) => {
    afterMs = Date.now() - askedAtMs;
    answer(token);
  });
  await pass(11);
  expect(answer).toHaveBeenCalledWith(null);
  expect(afterMs).toBeGreaterThanOrEqual(10_000);
  expect(afterMs).toBeLessThan(11_000);
  say(element, 'checkoutConfirmed', PENDING);
  expect((await heard(element, 'checkout-pending')).unbound).toBe('provider_failed');
  // And what comes with it is not lost.
  backend.next = { type: 'frame', bindToken: 'token-of-the-start' };
  open();
  await eventually(() => expect(element.attemptId).toBe('att_1'));
  expect(await mint(element)).toBe('token-of-the-start');
});

describe('fetchBindToken', () => {
  it.each([
    ['undefined', undefined, 'undefined'],
    ['an empty string', '', 'an empty string'],
    ['a number', 42, 'number'],
    ['an object', { token: 'plainly-fake' }, 'object'],
    ['a Response', new Response('plainly-fake'), 'a Response'],
  ])('that gives %s is named, and what it must give', async (_, given, named) => {
    const element = await mount('target="inline"');
    element.fetchBindToken = () => Promise.resolve(given as string);
    await reach(element, 'ready');
    expect(await mint(element)).toBeNull();
    expect(said()).toContain(`fetchBindToken gave ${named}:`);
    expect(said()).toContain('a non-empty string, or null');
    expect(said()).not.toContain('plainly-fake');
    say(element, 'checkoutConfirmed', PENDING);
    expect((await heard(element, 'checkout-pending')).unbound).toBe('provider_failed');
  });

  it('that is no function is named', async () => {
    const element = await mount('target="inline"');
    element.fetchBindToken = '/token' as unknown as CheckoutEmbed['fetchBindToken'];
    await reach(element, 'ready');
    expect(await mint(element)).toBeNull();
    expect(said()).toContain('fetchBindToken is no function');
  });

  it('that is undefined, as a framework leaves a property, is none', async () => {
    const element = await mount('target="inline"');
    element.fetchBindToken = undefined as unknown as null;
    element.getStatus = undefined as unknown as null;
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', PENDING);
    expect((await heard(element, 'checkout-pending')).unbound).toBeNull();
  });
});

describe('getStatus', () => {
  it.each([
    ['is no function', '/status', 'getStatus is no function'],
    ['forgets to return', () => undefined, 'getStatus gave undefined'],
  ])('that %s is named, once', async (_, given, named) => {
    const element = await mount('target="inline"');
    element.getStatus = given as unknown as CheckoutEmbed['getStatus'];
    await reach(element, 'ready');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await pass(10);
    expect(said().split(named)).toHaveLength(2);
    expect(element.state).toBe('confirmed');
  });
});

it('a page in the backend’s place is named, with what was asked and what is to be looked at', async () => {
  const backend = handoff();
  backend.deploys = true;
  const element = await mount('target="inline" handoff-url="/named/checkout?key=plainly-fake"');
  await reach(element, 'ready');
  expect(await mint(element)).toBeNull();
  await judged();
  expect(said()).toContain(`POST ${location.origin}/named/checkout/attempts answered 404`);
  expect(said()).toContain("Is handoff-url the base of the kit's routes?");
  expect(said()).not.toMatch(/plainly-fake|Back soon/);
});

/** As the vendor's script asks for it. */
function mint({ frame }: CheckoutEmbed): Promise<unknown> {
  type Vendor = { fetchBindToken(ask: object): Promise<unknown> };
  return (window as unknown as { LedgerBeeEmbed: Vendor }).LedgerBeeEmbed.fetchBindToken({
    frame,
    ...PICKED,
  });
}

/** All that the developer was told, errors with their words. */
function said(): string {
  return [...vi.mocked(console.warn).mock.calls, ...vi.mocked(console.error).mock.calls].flat().join(' ');
}
