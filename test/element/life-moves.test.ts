/** What pages and frameworks do to an element: they take it out, put it in, put it elsewhere, and do so twice. */
import { fixture } from '@open-wc/testing';
import { html, render } from 'lit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CheckoutEmbed, type CheckoutState, type StatusAnswer } from 'checkout-embed';
import { handoff } from './handoff-stub.js';
import {
  eventually,
  heard,
  hushed,
  isInView,
  judged,
  mount,
  part,
  PICK,
  PORTAL,
  reach,
  say,
  timesAsked,
} from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PENDING = { ...PICK, status: 'PENDING_VERIFICATION' } as const;
/** What was said in the tests before: once for the page. */
let lost = '';

const PICKED = { ...PICK, vanity: 'pro-plan' } as const;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

describe('put elsewhere in the page', () => {
  it('the checkout begins again as the browser has it, in the same attempt, and the developer is told why', async () => {
    const backend = handoff();
    const element = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    const outcome = vi.fn();
    void element.outcome.then(outcome);

    for (let move = 0; move < 3; move += 1) elsewhere(element).append(element);

    // As long as the frame has nothing to show, the skeleton stands for it.
    expect(element.state).toBe('loading');
    await reach(element, 'ready');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect(element.attemptId).toBe('att_1');
    expect(outcome).not.toHaveBeenCalled();
    expect(backend.to('POST /attempts')).toHaveLength(1);
    // The word of a payment may have gone with the frame.
    await eventually(() => expect(backend.to('GET /attempts/att_1')).not.toEqual([]));
    // Once, however often.
    expect(warnings().split('moveBefore')).toHaveLength(2);
  });

  it('a checkout in another tab that is heard to wait for its inbox shows no cards beside the note', async () => {
    const element = await mount('target="_blank"');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    // The frame that is loaded anew must be there before it can say anything.
    const loaded = new Promise((resolve) =>
      addEventListener('ledgerbee:embed:pageLoaded', resolve, { once: true }),
    );
    elsewhere(element).append(element);
    await loaded;
    expect(part(element, 'panel-away')).not.toBeNull();
    say(element, 'checkoutConfirmed', PENDING);
    await reach(element, 'pending');
    expect([isInView(element), part(element, 'panel-pending') !== null]).toEqual([false, true]);
  });

  it.each<[CheckoutState, object]>([
    ['confirmed', CONFIRMED],
    ['pending', PENDING],
  ])('%s is still so, and nothing is offered to pay again', async (state, word) => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', word);
    await reach(element, state);

    elsewhere(element).append(element);
    await judged();
    await element.updateComplete;

    expect(element.state).toBe(state);
    expect(isInView(element)).toBe(false);
    expect(part(element, `panel-${state}`)).not.toBeNull();
    element.retry();
    expect(element.state).toBe(state);
  });

  it('an error that may hide a payment covers the cards until the backend says that nothing was paid', async () => {
    const element = await mount('target="inline"');
    let answer: Omit<StatusAnswer, 'v'> = { status: 'open' };
    element.getStatus = () => Promise.resolve(answer);
    await reach(element, 'ready');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');

    elsewhere(element).append(element);
    await element.updateComplete;
    expect(element.state).toBe('error');
    expect(isInView(element)).toBe(false);

    answer = { status: 'open', retry: true };
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
    part(element, 'button')?.click();
    await reach(element, 'ready');
    expect(isInView(element)).toBe(true);
  });

  it('a pasted frame goes along, and is asked for once', async () => {
    const plan = `pasted-${crypto.randomUUID()}`;
    const element = await mount('', `<iframe src="${PORTAL}/embed/${plan}?target=inline"></iframe>`);
    await reach(element, 'ready');
    const { frame } = element;
    elsewhere(element).append(element);
    await reach(element, 'loading');
    await reach(element, 'ready');
    expect(element.frame).toBe(frame);
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect(await timesAsked(plan)).toBe(2);
  });

  it('the frame is asked for once: the browser does it, and nobody else', async () => {
    const plan = `moved-${crypto.randomUUID()}`;
    const element = await mount(`portal="${PORTAL}" plan="${plan}" target="inline"`);
    await reach(element, 'ready');
    elsewhere(element).append(element);
    await reach(element, 'loading');
    await reach(element, 'ready');
    expect(await timesAsked(plan)).toBe(2);
    // What is loaded by somebody's wish is loaded here.
    element.close();
    element.retry();
    await reach(element, 'ready');
    expect(await timesAsked(plan)).toBe(3);
  });

  it('a frame that the page has put into a place of its own goes on, wherever its tag goes', async () => {
    const plan = `elsewhere-${crypto.randomUUID()}`;
    const element = await mount(`portal="${PORTAL}" plan="${plan}" target="inline"`);
    await reach(element, 'ready');
    const dialog = await fixture<HTMLElement>('<div></div>');
    const speaks = new Promise((resolve) =>
      addEventListener('ledgerbee:embed:pageLoaded', resolve, { once: true }),
    );
    dialog.append(element.frame!);
    await speaks;
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    elsewhere(element).append(element);
    await judged();
    expect([element.state, await timesAsked(plan)]).toEqual(['checkout', 2]);
  });

  it('a pasted frame whose order is known to be paid shows its plans for another order', async () => {
    const order = `ord_${crypto.randomUUID()}`;
    const pasted = `<iframe src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`;
    const first = await mount(`order="${order}"`, pasted);
    await reach(first, 'ready');
    say(first, 'checkoutConfirmed', CONFIRMED);
    await reach(first, 'confirmed');
    first.remove();
    const speaks = new Promise((resolve) =>
      addEventListener('ledgerbee:embed:pageLoaded', resolve, { once: true }),
    );
    const element = await mount(`order="${order}" slow-after="2000" timeout="5000"`, pasted);
    await reach(element, 'confirmed');
    await speaks;
    element.order = `${order}-next`;
    await reach(element, 'ready');
    expect(isInView(element)).toBe(true);
  });

  it('an order that is known to be paid asks for no frame, also where the page has functions alone', async () => {
    const plan = `known-${crypto.randomUUID()}`;
    const element = await mount(`portal="${PORTAL}" plan="${plan}" target="inline" order="${plan}"`);
    element.getStatus = () => Promise.resolve({ status: 'open' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    const place = element.parentElement;
    element.remove();
    await judged();
    expect(element.state).toBe('idle');
    place?.append(element);
    await reach(element, 'confirmed');
    await judged();
    expect([await timesAsked(plan), element.querySelector('iframe')]).toEqual([1, null]);
    element.reset();
    await reach(element, 'ready');
    expect(await timesAsked(plan)).toBe(2);
  });
});

describe('drawn by a framework', () => {
  it('whose last child comes and goes, the frame stays', async () => {
    const place = await fixture<HTMLElement>('<div></div>');
    const draw = (thanks: unknown): void => {
      const tag = html`<checkout-embed portal=${PORTAL} plan="pro-plan" target="inline"
        >${thanks}</checkout-embed
      >`;
      render(tag, place);
    };
    draw('');
    const element = place.querySelector('checkout-embed')!;
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    const { frame } = element;
    draw(html`<p slot="confirmed">Thanks</p>`);
    draw('');
    draw(html`<p slot="confirmed">Thanks</p>`);
    await judged();
    expect([element.state, frame?.isConnected]).toEqual(['checkout', true]);
  });

  it('that insists on a `data-state` of its own, the page is not kept from everything else', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    let rounds = 0;
    const insists = new MutationObserver(() => {
      rounds += 1;
      if (element.dataset['state'] !== 'mine' && rounds < 2000) element.dataset['state'] = 'mine';
    });
    insists.observe(element, { attributeFilter: ['data-state'] });
    element.dataset['state'] = 'mine';
    await judged();
    insists.disconnect();
    expect(rounds).toBeLessThan(100);
  });

  it.each(['ready', 'confirmed'] as const)(
    'that makes the tag what the server wrote, `data-state` is there again in %s',
    async (state) => {
      const element = await mount('target="inline"');
      await reach(element, 'ready');
      if (state === 'confirmed') say(element, 'checkoutConfirmed', CONFIRMED);
      await reach(element, state);
      element.removeAttribute('data-state');
      await eventually(() => expect(element.dataset['state']).toBe(state));
      element.dataset['state'] = 'idle';
      await eventually(() => expect(element.dataset['state']).toBe(state));
      element.remove();
      await judged();
      expect(element.dataset['state']).toBe('idle');
    },
  );
});

describe('a frame that the page throws out, as a framework does that draws the children again,', () => {
  it.each(['ready', 'checkout'] as const)(
    'comes back in %s, and the developer is told why',
    async (state) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      const element = await mount('target="inline"');
      await reach(element, 'ready');
      if (state === 'checkout') {
        say(element, 'checkoutInitiated', { ...PICK, vanity: 'pro-plan' });
        await reach(element, 'checkout');
      }
      element.innerHTML = '<p slot="settled">Done</p>';
      await reach(element, 'loading');
      await reach(element, 'ready');
      expect([isInView(element), element.querySelectorAll('iframe').length]).toEqual([true, 1]);
      expect(warn.mock.calls.join() + lost).toContain('threw the checkout’s frame out');
      lost += warn.mock.calls.join();
    },
  );

  it('comes back at once where it had said nothing yet, as where a consent tool took it', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const element = await mount('target="inline"');
    element.frame?.remove();
    await reach(element, 'ready');
    expect([isInView(element), element.querySelectorAll('iframe').length]).toEqual([true, 1]);
  });

  it('is not loaded without end where the page does so at every step, nor where it is only somewhere else', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const element = await mount('target="inline"');
    let loads = 0;
    element.addEventListener('checkout-statechange', ({ to }) => {
      if (to === 'loading') loads += 1;
      if (to === 'ready') element.innerHTML = '<p slot="idle">Drawn anew</p>';
    });
    // Then the buyer is told, and may open it.
    await reach(element, 'closed');
    expect(loads).toBeLessThanOrEqual(4);
    expect(part(element, 'button')?.textContent.trim()).toBe('Open checkout');
    await judged();
    expect(element.state).toBe('closed');

    const other = await mount('target="inline"');
    await reach(other, 'ready');
    const dialog = await fixture<HTMLElement>('<div></div>');
    dialog.append(other.frame!);
    await judged();
    other.messages = { ready: 'none' } as object;
    await other.updateComplete;
    await judged();
    expect(other.state).toBe('ready');
  });

  it('while the checkout is in another tab leaves a panel, not an empty place', async () => {
    const element = await thrownOutAway('ord_away_thrown');
    part(element, 'button')?.click();
    await reach(element, 'ready');
    expect(isInView(element)).toBe(true);
  });

  it('while the checkout is in another tab, and closed by the page then, keeps nobody waiting for its end', async () => {
    const element = await thrownOutAway('ord_away_closed');
    element.close();
    expect(await element.outcome).toBe('closed');
  });

  it('ends neither the step of the page nor a checkout in another tab, however often the page draws', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const closed = vi.fn();
    for (const [target, deferred] of [
      ['callback', true],
      ['_blank', false],
    ] as const) {
      const element = await mount(
        `portal="${PORTAL}" plan="pro-plan" target="${target}" order="ord_redrawn_${target}"`,
        '<p slot="deferred">Step</p>',
      );
      await reach(element, 'ready');
      element.addEventListener('checkout-closed', closed);
      say(element, 'checkoutInitiated', { ...PICK, vanity: 'pro-plan', deferred });
      await reach(element, deferred ? 'deferred' : 'away');
      element.innerHTML = '<p slot="deferred">Step</p>';
      for (let render = 0; render < 6; render += 1) {
        element.messages = {};
        await element.updateComplete;
        await judged();
      }
      expect(element.state).toBe(deferred ? 'deferred' : 'away');
      if (!deferred) continue;
      element.resume();
      await reach(element, 'checkout');
      expect(element.frame?.src).toContain('/embed/checkout/pro-plan/item_1');
    }
    expect(closed).not.toHaveBeenCalled();
  });

  it('brings no checkout back after a confirmation', async () => {
    const element = await mount('target="inline" order="ord_thrown"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    element.replaceChildren();
    await judged();
    expect([element.state, element.querySelector('iframe')]).toEqual(['confirmed', null]);
  });
});

describe('mounted twice in one task, as a strict framework does', () => {
  it('is one frame, one attempt and one start at the backend', async () => {
    const backend = handoff();
    const place = await fixture<HTMLElement>('<div></div>');
    const element = document.createElement('checkout-embed');
    Object.assign(element, {
      portal: PORTAL,
      plan: 'pro-plan',
      target: 'inline',
      handoffUrl: '/checkout',
      order: 'ord_1',
      timeout: 60_000,
    });
    const loads = vi.fn();
    element.addEventListener('checkout-statechange', ({ to }) => {
      if (to === 'loading') loads();
    });

    place.append(element);
    element.remove();
    place.append(element);

    await reach(element, 'ready');
    expect(loads).toHaveBeenCalledOnce();
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    expect(backend.to('POST /attempts')).toHaveLength(1);
    // There was nothing to lose yet.
    expect(warnings()).not.toContain('moveBefore');
  });

  it('as two elements, the first of which is thrown away, hears with the second alone', async () => {
    const first = await mount('target="inline"');
    first.remove();
    const second = await mount('target="inline"');
    await reach(second, 'ready');
    const told = vi.fn();
    first.addEventListener('checkout-statechange', told);
    say(second, 'checkoutConfirmed', CONFIRMED);
    await reach(second, 'confirmed');
    await judged();
    expect([first.state, told.mock.calls.length]).toEqual(['idle', 0]);
  });
});

describe('taken out and put in again later, as a router does that keeps its pages', () => {
  it('a fresh visit is a fresh checkout', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await leaveAndComeBack(element);
    await reach(element, 'ready');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
  });

  it.each<[CheckoutState, object]>([
    ['confirmed', CONFIRMED],
    ['pending', PENDING],
  ])('an order of which %s was heard is not offered again, also without a backend', async (state, word) => {
    const element = await mount('target="inline" order="ord_1"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', word);
    await reach(element, state);
    await leaveAndComeBack(element);
    await reach(element, state);
    expect(isInView(element)).toBe(false);
    element.order = 'ord_2';
    await reach(element, 'ready');
    expect(isInView(element)).toBe(true);
  });

  it('what was reset is forgotten', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    element.reset();
    await leaveAndComeBack(element);
    await reach(element, 'ready');
  });

  it('what the backend called failed may be bought again', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'failed' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'failed');
    await leaveAndComeBack(element);
    await reach(element, 'ready');
  });

  it('survives route after route', async () => {
    const start = location.href;
    const states: CheckoutState[] = [];
    for (const route of ['/plans', '/account', '/plans']) {
      history.pushState(null, '', route);
      const element = await mount('target="inline"');
      await reach(element, 'ready');
      states.push(element.state);
      element.remove();
    }
    history.replaceState(null, '', start);
    await judged();
    expect(states).toEqual(['ready', 'ready', 'ready']);
    expect(document.querySelectorAll(`iframe[src^="${PORTAL}"]`)).toHaveLength(0);
  });
});

describe('set up before it was upgraded', () => {
  it('keeps its properties, its functions and its listeners', async () => {
    const element = await fixture<CheckoutEmbed>('<late-checkout></late-checkout>');
    const fetchBindToken = vi.fn(() => Promise.resolve('token'));
    const getStatus = vi.fn(() => Promise.resolve({ status: 'fulfilled' as const }));
    Object.assign(element, { portal: PORTAL, plan: 'pro-plan', target: 'inline', fetchBindToken, getStatus });
    const settled = heard(element, 'checkout-settled');
    CheckoutEmbed.define('late-checkout');
    await reach(element, 'ready');
    say(element, 'bindTokenRequest', PICKED);
    await eventually(() => expect(fetchBindToken).toHaveBeenCalledOnce());
    say(element, 'checkoutConfirmed', CONFIRMED);
    await settled;
    expect(getStatus).toHaveBeenCalled();
    // Kept on the class, where they are watched, and not beside it.
    expect(Object.keys(element)).not.toContain('plan');
  });
});

/** Another place in the page. */
function elsewhere(element: CheckoutEmbed): HTMLElement {
  const place = document.createElement('section');
  (element.closest('div') ?? document.body).append(place);
  return place;
}

async function leaveAndComeBack(element: CheckoutEmbed): Promise<void> {
  const parent = element.parentElement;
  element.remove();
  await judged();
  expect(element.state).toBe('idle');
  parent?.append(element);
}

/** The checkout is in another tab, and its frame here is gone. */
async function thrownOutAway(order: string): Promise<CheckoutEmbed> {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const element = await mount(`target="_blank" order="${order}"`);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'away');
  element.innerHTML = '<p slot="settled">Done</p>';
  await eventually(() => expect(part(element, 'panel-away')).not.toBeNull());
  return element;
}

function warnings(): string {
  return vi.mocked(console.warn).mock.calls.flat().join(' ');
}
