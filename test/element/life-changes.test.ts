/** What becomes of a running attempt when the page wants another: it ends cleanly, and nothing of it leaks into the next. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handoff } from './handoff-stub.js';
import {
  eventually,
  forge,
  heard,
  hushed,
  judged,
  mount,
  part,
  PICK,
  PORTAL,
  reach,
  say,
} from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const OTHER_PORTAL = PORTAL.replace('127.0.0.1', 'localhost');

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

describe('another plan in the middle of a checkout', () => {
  it('closes the attempt, and begins the next with nothing of it', async () => {
    handoff();
    const element = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'checkout');
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    const { outcome } = element;

    element.plan = 'team-plan';

    await reach(element, 'loading');
    expect(await outcome).toBe('closed');
    expect(element.attemptId).toBeNull();
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect(element.frame?.src).toContain('/embed/team-plan');
    await reach(element, 'ready');
  });

  it('ends the questions under way', async () => {
    const element = await mount('target="inline"');
    const asked: AbortSignal[] = [];
    const ask = ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
      asked.push(signal);
      return new Promise(() => undefined);
    };
    Object.assign(element, { getStatus: ask, fetchBindToken: ask });
    await reach(element, 'ready');
    say(element, 'bindTokenRequest', PICKED);
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await eventually(() => expect(asked).toHaveLength(2));

    element.plan = 'team-plan';

    await reach(element, 'ready');
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('what its frame said comes too late: reported as of an ended attempt, and nothing moves', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { frame } = element;
    element.plan = 'team-plan';
    await reach(element, 'loading');
    const rejected = heard(element, 'checkout-rejected');

    forge('checkoutConfirmed', { frame, ...CONFIRMED });

    expect((await rejected).reason).toBe('ended-attempt');
    await reach(element, 'ready');
  });

  it('is the same where the attributes no longer make a frame', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { frame, outcome } = element;
    element.plan = null;
    await reach(element, 'blocked');
    expect([await outcome, element.frame, frame?.isConnected]).toEqual(['closed', null, false]);
    const rejected = heard(element, 'checkout-rejected');
    forge('checkoutConfirmed', { frame, ...CONFIRMED });
    expect((await rejected).reason).toBe('ended-attempt');
    element.plan = 'pro-plan';
    await reach(element, 'ready');
  });
});

describe('another portal in the middle of a checkout', () => {
  it('is heard from then on, and the one before no longer', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    element.portal = OTHER_PORTAL;
    await reach(element, 'loading');
    await reach(element, 'ready');
    expect(element.frame?.src.startsWith(OTHER_PORTAL)).toBe(true);
    element.frame?.contentWindow?.postMessage(
      { stub: 'say', type: 'checkoutConfirmed', payload: CONFIRMED },
      OTHER_PORTAL,
    );
    await reach(element, 'confirmed');
  });
});

describe('changes of one task', () => {
  it('load one frame together', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const loads = vi.fn();
    element.addEventListener('checkout-statechange', ({ to }) => {
      if (to === 'loading') loads();
    });
    element.plan = 'team-plan';
    element.item = 'item_1';
    element.order = 'ord_2';
    await reach(element, 'checkout');
    expect(loads).toHaveBeenCalledOnce();
  });

  it('that come to nothing load nothing', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { frame } = element;
    const window = frame?.contentWindow;
    element.plan = 'team-plan';
    element.plan = 'pro-plan';
    element.setAttribute('target', 'inline');
    await element.updateComplete;
    await judged();
    expect([element.state, element.frame]).toEqual(['ready', frame]);
    expect(frame?.contentWindow).toBe(window);
  });
});

describe('another language after a confirmation', () => {
  it('says nothing a second time, and ends nothing', async () => {
    const element = await mount('target="inline" order="ord_language"');
    let status: 'open' | 'review' = 'open';
    element.getStatus = () => Promise.resolve({ status });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    const told: string[] = [];
    for (const type of ['confirmed', 'unsettled', 'closed'])
      element.addEventListener(`checkout-${type}`, (event) => told.push(event.type));
    const { outcome } = element;
    element.lang = 'da';
    element.returnUrl = 'https://evil.example/';
    await element.updateComplete;
    expect(part(element, 'heading')?.textContent).toBe('Tak');
    // What is wrong is named all the same.
    expect(String(vi.mocked(console.error).mock.calls[0]?.[1])).toContain('The attribute return-url is');
    status = 'review';
    await reach(element, 'unsettled');
    element.lang = 'en';
    await element.updateComplete;
    await judged();
    expect([element.state, part(element, 'heading')?.textContent]).toEqual([
      'unsettled',
      'We have your order',
    ]);
    expect(told).toEqual(['checkout-unsettled']);
    expect(await outcome).toBe('unsettled');
  });

  it('changes the words, and offers nothing to pay again', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    element.lang = 'da';
    await element.updateComplete;
    await judged();
    expect(element.state).toBe('confirmed');
    expect(element.frame?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
  });
});
