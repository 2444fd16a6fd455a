/** A handle from an earlier visit, or of another thing: whoever buys gets an attempt that the backend knows, bound, and told of everything. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff, pass, type HandoffStub } from './handoff-stub.js';
import { eventually, hushed, judged, mount, PICK, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const OTHER = { ...PICKED, planItemId: 'item_2' } as const;

// Minutes of fake time pass by the frames that the browser paints.
vi.setConfig({ testTimeout: 60_000 });

let backend: HandoffStub;

beforeEach(() => {
  hushed();
  localStorage.clear();
  backend = handoff();
  backend.attemptId = 'att_new';
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  vi.restoreAllMocks();
});

describe.each(['not_found', 'unauthorized'] as const)('a handle that is refused as %s', (code) => {
  it('when it is asked about is replaced by the next checkout', async () => {
    backend.refusals = { att_old: code, 'att_old/bind-token': code, 'att_old/signals': code };
    const element = await returning(`ord_${code}`);
    await eventually(() => expect(backend.to('GET /attempts/att_old')).toHaveLength(1));
    await judged();
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_new'));
    expect(await mint(element)).toBe('token-1');
    await eventually(() => expect(told('att_new')).toEqual(['initiated']));
  });

  it('when a token is asked for is replaced then, as for a buyer who has logged in meanwhile', async () => {
    backend.refusals = { 'att_old/bind-token': code };
    const element = await returning(`ord_token_${code}`);
    await eventually(() => expect(backend.to('GET /attempts/att_old')).toHaveLength(1));
    expect([await mint(element), element.attemptId]).toEqual(['token-1', 'att_new']);
    expect(backend.to('POST /attempts')).toHaveLength(1);
  });

  it('when it is too late tells its successor all that was heard', async () => {
    const element = await returning(`ord_late_${code}`);
    await eventually(() => expect(backend.to('GET /attempts/att_old')).toHaveLength(1));
    say(element, 'checkoutInitiated', PICKED);
    await eventually(() => expect(told('att_old')).toEqual(['initiated']));
    backend.refusals = { att_old: code, 'att_old/signals': code };
    say(element, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(told('att_new')).toEqual(['initiated', 'confirmed']));
  });
});

it('another item is begun for anew: it may be another order', async () => {
  const element = await mount('target="inline" handoff-url="/checkout"');
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await eventually(() => expect(element.attemptId).toBe('att_new'));
  backend.attemptId = 'att_other';
  say(element, 'checkoutInitiated', OTHER);
  await eventually(() => expect(element.attemptId).toBe('att_other'));
  expect(await mint(element, OTHER)).toBe('token-1');
  const starts = backend.to('POST /attempts');
  expect(starts.map(({ body }) => body['item'])).toEqual(['item_1', 'item_2']);
  await eventually(() =>
    expect([told('att_new'), told('att_other')]).toEqual([['initiated'], ['initiated']]),
  );
});

it('another item that is picked while the first is begun is begun for when that is done', async () => {
  let open = (): void => undefined;
  backend.opens = new Promise((resolve) => (open = resolve));
  const element = await mount('target="inline" handoff-url="/checkout" order="ord_quick"');
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(1));
  say(element, 'checkoutInitiated', OTHER);
  await judged();
  backend.next = { type: 'frame', bindToken: null };
  open();
  await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(2));
  expect(backend.to('POST /attempts').map(({ body }) => body['item'])).toEqual(['item_1', 'item_2']);
});

it('what is said of the attempt before is no word on this one', async () => {
  const element = await mount('target="inline" handoff-url="/checkout" order="ord_before"');
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await eventually(() => expect(element.attemptId).toBe('att_new'));
  let reply = (): void => undefined;
  backend.replies = new Promise((resolve) => (reply = resolve));
  backend.status = 'failed';
  say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
  await eventually(() => expect(backend.to('GET /attempts/att_new')).toHaveLength(1));
  backend.attemptId = 'att_next';
  backend.status = 'open';
  say(element, 'checkoutInitiated', OTHER);
  await eventually(() => expect(element.attemptId).toBe('att_next'));
  reply();
  await judged();
  await judged();
  expect(element.state).toBe('checkout');
});

it('a page of a deploy in the backend’s place is no refusal: the buyer waits on, and is thanked when that is over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
  backend.deploys = true;
  const element = await mount('target="inline" handoff-url="/deploys/checkout" order="ord_deploy"');
  await reach(element, 'ready');
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(element, 'confirmed');
  await pass(5);
  expect([element.state, backend.to('POST /attempts').length > 1]).toEqual(['confirmed', true]);
  backend.deploys = false;
  backend.status = 'fulfilled';
  await pass(60);
  expect(element.state).toBe('settled');
  expect(told('att_new')).toEqual(['confirmed']);
});

it('a handle that is gone from storage is no refused one: what is paid is told of it', async () => {
  const element = await mount('target="inline" handoff-url="/cleared/checkout"');
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await eventually(() => expect(told('att_new')).toEqual(['initiated']));
  localStorage.clear();
  backend.attemptId = 'att_other';
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(element, 'confirmed');
  await eventually(() => expect(told('att_new')).toEqual(['initiated', 'confirmed']));
  expect([element.attemptId, backend.to('POST /attempts').length]).toEqual(['att_new', 1]);
});

it('"check your inbox" is asked about by who is logged in when its token has ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
  const element = await mount('target="inline" handoff-url="/inbox/checkout" order="ord_inbox"');
  await reach(element, 'ready');
  say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
  await reach(element, 'pending');
  await eventually(() => expect(told('att_new')).toEqual(['pending']));
  backend.refusals = { '/att_new': 'unauthorized' };
  backend.attemptId = 'att_login';
  backend.status = 'fulfilled';
  await pass(120);
  expect(element.state).toBe('settled');
  expect(told('att_login')).toEqual(['pending']);
});

describe('"we have your order" is not the last word', () => {
  it('of two elements whose attempt the backend does not know for a while', async () => {
    const offer = 'target="inline" handoff-url="/for-a-while/checkout" order="ord_while"';
    const other = await mount(offer);
    await reach(other, 'ready');
    const element = await mount(offer);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await eventually(() => expect(told('att_new')).toEqual(['initiated']));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    backend.forgets = true;
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await pass(5);
    expect([element.state, other.state]).toEqual(['confirmed', 'confirmed']);
    // The refused handle is begun again once in a while, not with each question.

    expect(backend.to('POST /attempts').length).toBeLessThan(5);
    backend.forgets = false;
    backend.status = 'fulfilled';
    await pass(60);
    expect([element.state, other.state]).toEqual(['settled', 'settled']);
  });

  it('of an order of which another tab had told, when the backend can be asked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    backend.refusals = { '/attempts': 'unauthorized' };
    const offer = 'target="inline" handoff-url="/told/checkout" order="ord_told"';
    const other = await mount(offer);
    await reach(other, 'ready');
    const element = await mount(offer);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(other, 'unsettled');
    backend.refusals = {};
    backend.status = 'fulfilled';
    window.dispatchEvent(new Event('focus'));
    await pass(90);
    expect([element.state, other.state]).toEqual(['settled', 'settled']);
  });

  it('of a backend that nobody could ask, when somebody can', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    backend.refusals = { '/attempts': 'unauthorized' };
    const element = await mount('target="inline" handoff-url="/login/checkout" order="ord_login"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'unsettled');
    // Another start would be refused too.
    const starts = backend.to('POST /attempts').length;
    await pass(300);
    expect(backend.to('POST /attempts')).toHaveLength(starts);
    backend.refusals = {};
    backend.status = 'fulfilled';
    window.dispatchEvent(new Event('focus'));
    await pass(90);
    expect(element.state).toBe('settled');
  });
});

/** An element of an order whose attempt this browser has from before. */
async function returning(order: string): Promise<CheckoutEmbed> {
  const attempt = { id: 'att_old', token: 'old', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  localStorage.setItem(
    `checkout-embed:attempts:${new URL('/checkout', location.href).href}`,
    JSON.stringify([
      { key: JSON.stringify(['ledgerbee', order, 'pro-plan']), attempt, keptAtMs: Date.now(), heard: null },
    ]),
  );
  const element = await mount(`target="inline" handoff-url="/checkout" order="${order}"`);
  await reach(element, 'ready');
  return element;
}

/** As the vendor's script asks for it. */
function mint({ frame }: CheckoutEmbed, picked: typeof PICKED | typeof OTHER = PICKED): Promise<unknown> {
  type Vendor = { fetchBindToken(ask: object): Promise<unknown> };
  return (window as unknown as { LedgerBeeEmbed: Vendor }).LedgerBeeEmbed.fetchBindToken({
    frame,
    ...picked,
  });
}

function told(attemptId: string): unknown[] {
  return backend.to(`POST /attempts/${attemptId}/signals`).map(({ body }) => body['kind']);
}
