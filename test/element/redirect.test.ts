/** A checkout that leaves the page: the press, the way out, the way back, and what the backend says. */
import { expect as expectThat, fixture } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HandoffClient } from 'checkout-embed/core/handoff';
import { CheckoutRedirect, type RedirectState } from 'checkout-embed/redirect';
import { cuts } from './flaws.js';
import { handoff, type HandoffCall, type HandoffStub } from './handoff-stub.js';
import { LONG_WORDS } from './long-words.js';
import { arrived, eventually, heard, hushed, judged } from './support.js';

const HOSTED = 'https://siglume.example/pay/cs_1';
const here = location.href;

let backend: HandoffStub;

beforeEach(() => {
  hushed();
  localStorage.clear();
  backend = handoff();
  backend.next = { type: 'redirect', url: HOSTED };
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  history.replaceState(null, '', here);
});

async function mount(attributes = 'handoff-url="/checkout" order="ord_1"'): Promise<CheckoutRedirect> {
  const element = await fixture<CheckoutRedirect>(`<checkout-redirect ${attributes}></checkout-redirect>`);
  // A test must not leave its page.
  element.addEventListener('checkout-redirect', (event) => event.preventDefault());
  return element;
}

async function reach(element: CheckoutRedirect, state: RedirectState): Promise<void> {
  while (element.state !== state) {
    await new Promise((resolve) =>
      element.addEventListener('checkout-redirect-statechange', resolve, { once: true }),
    );
  }
  await element.updateComplete;
}

const part = (element: CheckoutRedirect, name: string): HTMLElement | null =>
  element.renderRoot.querySelector(`[part~="${name}"]`);

const words = (element: CheckoutRedirect): string => part(element, 'status')?.textContent.trim() ?? '';

/** How it comes into each state in which it stays. */
const LOOKS: readonly [RedirectState, () => Promise<CheckoutRedirect>][] = [
  ['idle', () => mount()],
  ['error', () => refused()],
  ['away', () => returned('open', 'cancelled')],
  ['settling', () => returned('processing')],
  ['settled', () => returned('fulfilled')],
  ['unsettled', () => returned('review')],
  ['failed', () => returned('failed')],
];

/** The page comes back from the vendor by one of our own return URLs. */
function comeBack(query: string): void {
  history.replaceState({ mine: 1 }, '', new URL(query, here));
}

/** As an earlier visit left it: begun, and what was heard of it. */
function keepAttempt(heard: 'confirmed' | null): void {
  const attempt = { id: 'att_1', token: 'secret', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  localStorage.setItem(
    `checkout-embed:attempts:${new URL('/checkout', here).href}`,
    JSON.stringify([{ key: '["siglume","ord_1",""]', attempt, keptAtMs: Date.now(), heard }]),
  );
}

it('names an attribute in the spelling of a property, with the one that is read', async () => {
  await mount('handoff_url="/checkout" order="ord_1"');
  expect(vi.mocked(console.error).mock.calls.flat()).toContain(
    'The attribute handoff_url is not read. Set handoff-url.',
  );
});

describe('the button', () => {
  it('asks the backend for the order and goes where it says', async () => {
    const element = await mount();
    expect(backend.calls).toEqual([]);
    const left = new Promise<string>((resolve) =>
      element.addEventListener('checkout-redirect', ({ url }) => resolve(url)),
    );
    part(element, 'button')?.click();
    await element.updateComplete;
    expect(element.dataset['state']).toBe('starting');
    expect(part(element, 'button')?.getAttribute('aria-disabled')).toBe('true');
    expect(words(element)).toBe('Opening payment…');
    expect(await left).toBe(HOSTED);
    expect(backend.to('POST /attempts')[0]?.body).toMatchObject({ vendor: 'siglume', order: 'ord_1' });
    await reach(element, 'away');
    expect(element.attemptId).toBe('att_1');
    expect(part(element, 'panel-away')).not.toBeNull();
  });

  it('pressed twice opens one checkout', async () => {
    const element = await mount();
    part(element, 'button')?.click();
    part(element, 'button')?.click();
    element.start();
    await reach(element, 'away');
    expect(backend.to('POST /attempts')).toHaveLength(1);
  });

  it('keeps the focus while it works, and says beside it what went wrong', async () => {
    backend.down = true;
    const element = await mount();
    const button = part(element, 'button');
    button?.focus();
    const failed = new Promise<string>((resolve) =>
      element.addEventListener('checkout-redirect-error', ({ code }) => resolve(code)),
    );
    element.start();
    await element.updateComplete;
    expect(element.renderRoot.querySelector(':focus')).toBe(button);
    expect(await failed).toBe('network');
    await reach(element, 'error');
    expect(element.renderRoot.querySelector(':focus')).toBe(button);
    expect(part(element, 'note-error')?.textContent).toContain('Payment couldn’t be opened');
    backend.down = false;
    button?.click();
    await reach(element, 'away');
  });

  it('goes nowhere where another tab has paid by the time that the checkout is open', async () => {
    // An address of this very page: to go there would be seen, and would end no other test.
    backend.next = { type: 'redirect', url: `${here}#again` };
    backend.status = 'processing';
    const element = await mount();
    let open = (): void => undefined;
    backend.opens = new Promise((resolve) => (open = resolve));
    part(element, 'button')?.click();
    const otherTab = new BroadcastChannel('checkout-embed');
    const base = new URL('/checkout', here).href;
    otherTab.postMessage({ v: 1, base, key: '["siglume","ord_1",""]', attempt: null, word: 'confirmed' });
    await reach(element, 'settling');
    open();
    await judged();
    otherTab.close();
    expect(location.hash).toBe('');
    expect(element.state).toBe('settling');
  });

  it('is not offered where the order is being paid already', async () => {
    backend.next = { type: 'wait', retryAfterMs: 250 };
    backend.status = 'processing';
    const element = await mount();
    element.start();
    await reach(element, 'settling');
    expect(part(element, 'button')).toBeNull();
  });

  it('pressed by who hears of a reset opens it anew', async () => {
    const element = await mount();
    element.start();
    await reach(element, 'away');
    element.addEventListener('checkout-redirect-statechange', ({ to }) => {
      if (to === 'idle') element.start();
    });
    element.reset();
    await reach(element, 'away');
    expect(backend.to('POST /attempts')).toHaveLength(2);
  });

  it('that is put in again while its checkout is opened asks at once what became of it', async () => {
    // A shop of its own: this start is waited for by whoever else wants the same order there.
    const element = await mount('handoff-url="/shop-5/checkout" order="ord_1"');
    element.start();
    await reach(element, 'away');
    backend.opens = new Promise(() => undefined);
    const before = backend.to('GET /attempts/att_1').length;
    element.start();
    await element.updateComplete;
    element.remove();
    await judged();
    document.body.append(element);
    await eventually(() => expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(before));
    expect(element.state).toBe('away');
    element.remove();
  });

  it('pressed for another order is not answered by how an earlier try at that one ended', async () => {
    const earlier = await mount();
    earlier.start();
    await reach(earlier, 'away');
    earlier.remove();
    const element = await mount('handoff-url="/checkout" order="ord_2"');
    backend.status = 'failed';
    const states: string[] = [];
    element.addEventListener('checkout-redirect-statechange', ({ to }) => {
      states.push(to);
      if (to === 'idle') element.start();
    });
    element.start();
    await reach(element, 'away');
    let open = (): void => undefined;
    backend.opens = new Promise((resolve) => (open = resolve));
    element.order = 'ord_1';
    await reach(element, 'starting');
    await judged();
    open();
    await reach(element, 'away');
    expect(states.slice(-3)).toEqual(['idle', 'starting', 'away']);
  });

  it('pressed for another order that this browser knows to be paid opens nothing', async () => {
    keepAttempt('confirmed');
    const element = await mount('handoff-url="/checkout" order="ord_2"');
    element.start();
    await reach(element, 'away');
    const opened = vi.fn();
    element.addEventListener('checkout-redirect', opened);
    element.addEventListener('checkout-redirect-statechange', ({ to }) => {
      if (to === 'idle') element.start();
    });
    element.order = 'ord_1';
    await reach(element, 'settling');
    await judged();
    expect([element.state, opened.mock.calls]).toEqual(['settling', []]);
  });

  it('tells at once of what the backend knew when it was pressed', async () => {
    backend.next = { type: 'wait', retryAfterMs: 250 };
    backend.status = 'fulfilled';
    const element = await mount();
    const told = heard(element, 'checkout-settled');
    element.start();
    expect((await told).source).toBe('start');
  });

  it.each([
    ['order="ord_1"', 'handoff-url is missing'],
    ['handoff-url="ftp://x" order="ord_1"', 'must be an http(s) URL'],
    ['handoff-url="/checkout" vendor="paypal"', 'not one of ledgerbee, ledyer, siglume'],
  ])('tells the developer of <checkout-redirect %s>', async (attributes, said) => {
    await mount(attributes);
    expect(vi.mocked(console.error).mock.calls.flat().join(' ')).toContain(said);
  });

  it('takes a number for a name, and undefined for nothing, as frameworks give them', async () => {
    const element = await mount('handoff-url="/checkout"');
    Object.assign(element, { order: 7, plan: 8n, item: undefined, vendor: undefined });
    element.start();
    await reach(element, 'away');
    const [asked] = backend.to('POST /attempts');
    expect(asked?.body).toMatchObject({ vendor: 'siglume', order: '7', plan: '8' });
    expect(asked?.body).not.toHaveProperty('item');
    expect(vi.mocked(console.error)).not.toHaveBeenCalled();

    Object.assign(element, { handoffUrl: undefined });
    await element.updateComplete;
    expect(vi.mocked(console.error).mock.calls.flat().join(' ')).toContain('handoff-url is missing');
  });

  it('takes false for nothing, and names what is no name', async () => {
    const element = await mount('handoff-url="/checkout"');
    Object.assign(element, { order: false, plan: {}, item: '' });
    element.start();
    await reach(element, 'away');
    const { body } = backend.to('POST /attempts')[0] ?? {};
    for (const name of ['order', 'plan', 'item']) expect(body).not.toHaveProperty(name);
    expect([element.hasAttribute('order'), element.hasAttribute('plan')]).toEqual([false, false]);
    expect(vi.mocked(console.error).mock.calls.map(([, words]) => String(words))).toEqual([
      expect.stringContaining('plan is of type object'),
    ]);
  });

  it('that is not in the page opens nothing', async () => {
    const element = await mount();
    element.remove();
    element.start();
    await judged();
    expect([element.state, backend.calls]).toEqual(['idle', []]);
  });

  it('pressed by who hears that another order is wanted opens that one', async () => {
    const element = await mount();
    element.start();
    await reach(element, 'away');
    element.addEventListener('checkout-redirect-statechange', ({ to }) => {
      if (to === 'idle') element.start();
    });
    element.order = 'ord_7';
    await reach(element, 'away');
    expect(backend.to('POST /attempts').map(({ body }) => body['order'])).toEqual(['ord_1', 'ord_7']);
    expect(vi.mocked(console.error)).not.toHaveBeenCalled();
  });
});

describe('the way back', () => {
  it('is read once, stripped, asks the backend, and settles by its word alone', async () => {
    comeBack('?checkout=returned&attempt=att_1&session_id=chk_1&keep=1');
    backend.status = 'processing';
    const element = await mount();
    expect(location.search).toBe('?keep=1');
    expect(history.state).toEqual({ mine: 1 });
    expect(element.state).toBe('settling');
    expect(part(element, 'progress')).not.toBeNull();
    await eventually(() => expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(0));
    expect(element.state).toBe('settling');
    backend.status = 'fulfilled';
    await reach(element, 'settled');
    expect(words(element)).toContain('You’re all set');
    expect(part(element, 'button')).toBeNull();
  });

  it('without a payment offers to go on, in the same checkout', async () => {
    comeBack('?checkout=cancelled&attempt=att_1');
    const element = await mount();
    expect(element.state).toBe('away');
    await eventually(() => expect(backend.to('GET /attempts/att_1')).toHaveLength(1));
    part(element, 'button')?.click();
    await reach(element, 'away');
    expect(backend.to('POST /attempts')).toHaveLength(1);
  });

  it('that calls itself cancelled is not believed either', async () => {
    comeBack('?checkout=cancelled&attempt=att_1');
    backend.status = 'fulfilled';
    await reach(await mount(), 'settled');
  });

  it('offers nobody to pay again after a reload', async () => {
    const first = await mount();
    first.start();
    await reach(first, 'away');
    comeBack('?checkout=returned&attempt=att_1');
    first.remove();
    backend.status = 'processing';
    const returned = await mount();
    expect(returned.state).toBe('settling');
    returned.remove();
    const reloaded = await mount();
    expect(reloaded.state).toBe('settling');
    expect(part(reloaded, 'button')).toBeNull();
  });

  it('offers nobody to pay an order again under another plan', async () => {
    const first = await mount('handoff-url="/checkout" order="ord_1" plan="basic"');
    first.start();
    await reach(first, 'away');
    first.remove();
    comeBack('?checkout=returned&attempt=att_1');
    backend.status = 'processing';
    const returned = await mount('handoff-url="/checkout" order="ord_1" plan="basic"');
    expect(returned.state).toBe('settling');
    returned.plan = 'pro';
    await returned.updateComplete;
    expect(returned.state).toBe('settling');
    returned.remove();
    const other = await mount('handoff-url="/checkout" order="ord_1" plan="pro"');
    expect(other.state).toBe('settling');
    expect(part(other, 'button')).toBeNull();
  });

  it('to an order that failed offers another try only by the backend’s word', async () => {
    comeBack('?checkout=returned&attempt=att_1');
    backend.status = 'failed';
    const element = await mount();
    await reach(element, 'failed');
    expect(part(element, 'button')).toBeNull();
    element.remove();
    comeBack('?checkout=returned&attempt=att_1');
    backend.retry = true;
    const again = await mount();
    await reach(again, 'failed');
    part(again, 'button')?.click();
    await reach(again, 'away');
  });

  it('that nobody here may ask about is neutral: we have your order', async () => {
    comeBack('?checkout=returned&attempt=att_9');
    vi.spyOn(window, 'fetch').mockImplementation(() =>
      Promise.resolve(
        new Response(JSON.stringify({ v: 1, code: 'unauthorized', message: 'No.' }), {
          status: 401,
          headers: { 'Content-Type': 'application/json' },
        }),
      ),
    );
    const told = heard(document, 'checkout-unsettled');
    const element = await mount();
    await reach(element, 'unsettled');
    expect(words(element)).toContain('We have your order');
    expect(part(element, 'button')).toBeNull();
    expect((await told).source).toBe('refused');
  });

  it.each(['vendor', 'watch', 'order'])(
    'stays what it is where a framework gives undefined for %s',
    async (name) => {
      comeBack('?checkout=returned&attempt=att_9');
      backend.status = 'fulfilled';
      const element = await mount('handoff-url="/checkout"');
      await reach(element, 'settled');
      Object.assign(element, { [name]: undefined });
      await element.updateComplete;
      expect(element.state).toBe('settled');
    },
  );

  it('tells of its end by its own attempt, though a listener goes on to the next order', async () => {
    comeBack('?checkout=returned&attempt=att_7');
    backend.status = 'fulfilled';
    const told = heard(document, 'checkout-settled');
    const element = await mount();
    element.addEventListener('checkout-redirect-statechange', ({ to }) => {
      if (to !== 'settled') return;
      element.order = 'ord_5';
      element.start();
    });
    const { attemptId, source } = await told;
    expect([attemptId, source]).toEqual(['att_7', 'poll']);
  });

  it('is still asked about after a firewall has answered in the backend’s place', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    comeBack('?checkout=returned&attempt=att_9');
    const page = vi
      .spyOn(window, 'fetch')
      .mockImplementation(() =>
        Promise.resolve(new Response('<h1>Checking your browser</h1>', { status: 403 })),
      );
    const element = await mount();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.mock.calls.length).toBeGreaterThan(3);
    expect(element.state).toBe('settling');
  });

  it('belongs to the order that it names', async () => {
    const other = await mount('handoff-url="/checkout" order="ord_2"');
    other.start();
    await reach(other, 'away');
    other.remove();
    comeBack('?checkout=returned&attempt=att_7');
    const first = await mount('handoff-url="/checkout" order="ord_1"');
    const second = await mount('handoff-url="/checkout" order="ord_2"');
    expect([first.state, second.state]).toEqual(['settling', 'idle']);
  });
});

it('a button whose failure the page keeps to itself can be pressed again', async () => {
  backend.refusals = {};
  backend.deploys = true;
  const element = await mount('handoff-url="/dead/checkout" order="ord_dead"');
  element.addEventListener('checkout-redirect-error', (event) => event.preventDefault());
  element.start();
  await reach(element, 'error');
  expect(part(element, 'button')?.getAttribute('aria-disabled')).toBe('false');
  expect(words(element)).toBe('');
  backend.deploys = false;
  part(element, 'button')?.click();
  await reach(element, 'away');
});

describe('a question about the order', () => {
  const asked = (): readonly HandoffCall[] => backend.to('GET /attempts/att_1');
  const focus = (): void => void dispatchEvent(new Event('focus'));
  const shownAgain = (): void => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));

  /** Gone to the vendor's, which is asked about at once. */
  async function away(handoffUrl = '/checkout'): Promise<CheckoutRedirect> {
    const before = asked().length;
    const element = await mount(`handoff-url="${handoffUrl}" order="ord_1"`);
    element.start();
    await reach(element, 'away');
    await eventually(() => expect(asked()).toHaveLength(before + 1));
    return element;
  }

  /** One more: while an answer is on its way, and for a while after trouble, a look asks for nothing. */
  async function look(): Promise<void> {
    const before = asked().length;
    const ask = (): void => {
      focus();
      expect(asked()).toHaveLength(before + 1);
    };
    await eventually(ask);
  }

  /** Another tab has seen a link that says so. */
  async function hearOfReturn(): Promise<void> {
    const [speaker, witness] = [
      new BroadcastChannel('checkout-embed'),
      new BroadcastChannel('checkout-embed'),
    ];
    const heard = new Promise((resolve) => (witness.onmessage = resolve));
    const base = new URL('/checkout', here).href;
    speaker.postMessage({ v: 1, base, key: '["siglume","ord_1",""]', attempt: null, word: 'returned' });
    await heard;
    await judged();
    for (const channel of [speaker, witness]) channel.close();
  }

  it('begins no attempt', async () => {
    await mount();
    await hearOfReturn();
    focus();
    shownAgain();
    await judged();
    expect([...asked(), ...backend.to('POST /attempts')]).toEqual([]);
  });

  it('is put when another tab has news', async () => {
    const element = await away();
    backend.status = 'fulfilled';
    await eventually(async () => {
      await hearOfReturn();
      expect(element.state).toBe('settled');
    });
  });

  it('is put every half minute while the buyer is away', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      // A shop of its own: there the time goes on.
      await away('/shop-4/checkout');
      const before = asked().length;
      // Some of the half minute has passed by now: the longer it took, the more.
      await vi.advanceTimersByTimeAsync(20_000);
      expect(asked()).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(asked()).toHaveLength(before + 1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that is refused while nobody waits for it costs the attempt nothing', async () => {
    await away();
    backend.forgets = true;
    await look();
    backend.forgets = false;
    await look();
    await look();
    expect(asked().at(-1)?.headers.get('Authorization')).toBe('Bearer secret');
  });

  it('waits as long as the backend wants, however often the buyer looks, and whichever element asks', async () => {
    await away('/shop-2/checkout');
    backend.limits = 60;
    await look();
    await eventually(() => expect(vi.mocked(console.warn).mock.calls.join()).toContain('rate_limited'));
    backend.limits = null;
    const before = asked().length;
    const other = await mount('handoff-url="/shop-2/checkout/" order="ord_2"');
    other.start();
    await reach(other, 'away');
    focus();
    shownAgain();
    await judged();
    expect(asked()).toHaveLength(before);
  });

  it('waits too where a start was told to', async () => {
    const element = await away('/shop-3/checkout');
    backend.busy = 60;
    element.start();
    await reach(element, 'error');
    const before = asked().length;
    shownAgain();
    await judged();
    expect(asked()).toHaveLength(before);
  });

  it('from before a press is no answer to it', async () => {
    const element = await away();
    let reply = (): void => undefined;
    let open = (): void => undefined;
    backend.replies = new Promise((resolve) => (reply = resolve));
    backend.opens = new Promise((resolve) => (open = resolve));
    // What became of the checkout before.
    backend.status = 'expired';
    await look();
    element.start();
    await element.updateComplete;
    reply();
    await judged();
    await judged();
    expect(element.state).toBe('starting');
    open();
    await reach(element, 'away');
  });

  it('is put where a failed order comes back out of the browser’s cache: another page may have paid it', async () => {
    const first = await away();
    first.remove();
    [backend.status, backend.retry] = ['failed', true];
    comeBack('?checkout=returned&attempt=att_1');
    const element = await mount();
    await reach(element, 'failed');
    new HandoffClient({ baseUrl: new URL('/checkout', here).href }).remember('att_1', 'confirmed');
    [backend.status, backend.retry] = ['fulfilled', false];
    shownAgain();
    await reach(element, 'settled');
  });
});

it('a paid return is not offered again after a reload, though the backend has forgotten the attempt', async () => {
  keepAttempt(null);
  backend.forgets = true;
  comeBack('?checkout=returned&attempt=att_1');
  const element = await mount();
  await reach(element, 'unsettled');
  element.remove();
  const again = await mount();
  expect(part(again, 'button')).toBeNull();
  await reach(again, 'unsettled');
  again.reset();
  await again.updateComplete;
  expect(part(again, 'button')).not.toBeNull();
});

it('an order of another shop on the same site is another order', async () => {
  const base = document.createElement('base');
  document.head.append(base);
  try {
    base.href = '/shop-a/';
    backend.status = 'processing';
    const one = await mount('handoff-url="checkout" order="ord_1001"');
    one.start();
    backend.next = { type: 'wait', retryAfterMs: 100 };
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(1));
    await judged();
    await reach(one, 'settling');
    one.remove();
    base.href = '/shop-b/';
    backend.status = 'open';
    const other = await mount('handoff-url="checkout" order="ord_1001"');
    expect([other.state, part(other, 'button')?.textContent.trim()]).toEqual(['idle', 'Continue to payment']);
    const same = await mount('handoff-url="/shop-a/checkout" order="ord_1001"');
    expect(part(same, 'button')).toBeNull();
  } finally {
    base.remove();
  }
});

describe('on a confirmation page', () => {
  it('the order is watched at once, and nothing is offered', async () => {
    backend.next = { type: 'wait', retryAfterMs: 1_000 };
    const element = await mount('handoff-url="/checkout" vendor="ledyer" order="ord_1" watch');
    expect(element.state).toBe('settling');
    expect(part(element, 'button')).toBeNull();
    await eventually(() => expect(backend.to('POST /attempts')[0]?.body).toMatchObject({ vendor: 'ledyer' }));
    backend.status = 'fulfilled';
    await reach(element, 'settled');
  });
});

describe('its life in the page', () => {
  it('shown again by the browser’s Back, it offers nobody to pay what another page has paid meanwhile', async () => {
    const [hidden, other] = [await mount(), await mount()];
    other.start();
    await reach(other, 'away');
    // It was frozen, and heard nothing of it.
    new HandoffClient({ baseUrl: new URL('/checkout', here).href }).remember('att_1', 'confirmed');
    expect(hidden.state).toBe('idle');
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await reach(hidden, 'settling');
    expect(part(hidden, 'button')).toBeNull();
  });

  it('another order begins anew', async () => {
    comeBack('?checkout=returned&attempt=att_1');
    backend.status = 'processing';
    const element = await mount();
    expect(element.state).toBe('settling');
    element.order = 'ord_2';
    await element.updateComplete;
    expect(element.state).toBe('idle');
    expect(part(element, 'button')).not.toBeNull();
  });

  it('taken out it asks nobody any more; put in again it goes on', async () => {
    comeBack('?checkout=returned&attempt=att_1');
    backend.status = 'processing';
    const element = await mount();
    await eventually(() => expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(0));
    const { parentElement } = element;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    const asked = backend.calls.length;
    backend.status = 'fulfilled';
    dispatchEvent(new Event('focus'));
    expect(backend.calls).toHaveLength(asked);
    expect(element.state).toBe('settling');
    parentElement?.append(element);
    await reach(element, 'settled');
  });

  it('taken out while its checkout was being opened, its button works again once it is put in', async () => {
    backend.next = { type: 'wait', retryAfterMs: 5_000 };
    const element = await mount();
    element.start();
    // It was told to wait.
    await eventually(() => expect(backend.to('GET /attempts/att_1')).toHaveLength(1));
    const { parentElement } = element;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    backend.next = { type: 'redirect', url: HOSTED };
    parentElement?.append(element);
    await element.updateComplete;
    expect(element.state).toBe('away');
    part(element, 'button')?.click();
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(2));
  });

  it('begins anew with the order that a listener of its first state asks for', async () => {
    comeBack('?checkout=returned&attempt=att_1');
    backend.status = 'processing';
    const element = document.createElement('checkout-redirect');
    element.handoffUrl = '/checkout';
    element.order = 'ord_1';
    element.addEventListener('checkout-redirect-statechange', () => (element.order = 'ord_2'), {
      once: true,
    });
    element.addEventListener('checkout-redirect', (event) => event.preventDefault());
    (await fixture<HTMLElement>('<div></div>')).append(element);
    await element.updateComplete;
    expect(element.state).toBe('idle');
    element.start();
    await eventually(() => expect(backend.to('POST /attempts')[0]?.body).toMatchObject({ order: 'ord_2' }));
  });

  it('speaks Danish where the page does, and the page’s own words over it', async () => {
    const element = await mount('handoff-url="/checkout" order="ord_1" lang="da"');
    expect(part(element, 'button')?.textContent.trim()).toBe('Fortsæt til betaling');
    element.messages = { pay: 'Betal nu' };
    await element.updateComplete;
    expect(part(element, 'button')?.textContent.trim()).toBe('Betal nu');
  });

  it.each(LOOKS)('in %s passes axe', async (state, make) => {
    const element = await make();
    await reach(element, state);
    await arrived(element);
    await expectThat(element).to.be.accessible();
  });

  it.each(LOOKS)('in %s cuts no word where there is little room, however long', async (state, make) => {
    const element = await make();
    await reach(element, state);
    for (const messages of [{}, LONG_WORDS]) {
      element.messages = messages;
      await element.updateComplete;
      for (const width of ['320px', '246px']) {
        element.style.width = width;
        expect(cuts(element), width).toEqual([]);
      }
    }
  });
});

async function refused(): Promise<CheckoutRedirect> {
  backend.down = true;
  const element = await mount();
  element.start();
  return element;
}

async function returned(status: HandoffStub['status'], as = 'returned'): Promise<CheckoutRedirect> {
  comeBack(`?checkout=${as}&attempt=att_1`);
  backend.status = status;
  return mount();
}
