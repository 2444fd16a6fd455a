/** Life in a page: methods called twice, moves, losing the line, going away. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  words,
} from './support.js';

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('a copy of an element, as a router keeps one of its page', () => {
  it('has a frame of its own, follows its attributes, and shows nothing that was filled in for the first', async () => {
    const template = '<template slot="confirmed"><b class="own">Thanks!</b></template>';
    const element = await mount(`portal="${PORTAL}" plan="pro-plan" target="inline"`, template);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    const copy = element.cloneNode(true) as typeof element;
    expect(copy.querySelectorAll('iframe, .own')).toHaveLength(2);
    copy.plan = 'team-plan';
    element.replaceWith(copy);
    await reach(copy, 'ready');
    expect([...copy.querySelectorAll('iframe')].map(({ src }) => src)).toEqual([
      expect.stringContaining('/embed/team-plan'),
    ]);
    expect(copy.querySelector('.own')).toBeNull();
    copy.plan = 'solo-plan';
    await reach(copy, 'loading');
    expect(copy.frame?.src).toContain('/embed/solo-plan');
    copy.remove();
  });
});

describe('a method called twice', () => {
  it('closes once, and opens again once', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const closed = vi.fn();
    element.addEventListener('checkout-closed', closed);
    element.close();
    element.close();
    expect(closed).toHaveBeenCalledOnce();
    expect(await element.outcome).toBe('closed');
    const retried = vi.fn();
    element.addEventListener('checkout-retry', retried);
    element.retry();
    element.retry();
    expect(retried).toHaveBeenCalledOnce();
    await reach(element, 'ready');
  });

  it('resets to a fresh attempt, also from the end', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'fulfilled' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'settled');
    element.reset();
    element.reset();
    expect(element.state).toBe('idle');
    await reach(element, 'ready');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect(part(element, 'panel')).toBeNull();
  });

  it('does nothing where there is nothing to do, in the page or out of it', () => {
    const element = document.createElement('checkout-embed');
    for (const method of [
      'retry',
      'reset',
      'close',
      'resume',
      'retry',
      'reset',
      'close',
      'resume',
    ] as const) {
      expect(() => element[method]()).not.toThrow();
    }
    expect([element.state, element.frame, element.diagnosis, element.attemptId]).toEqual([
      'idle',
      null,
      null,
      null,
    ]);
  });

  it('may be called by a listener: what it causes comes after', async () => {
    const element = await mount('target="inline"');
    const order: string[] = [];
    element.addEventListener('checkout-statechange', ({ to }) => order.push(to));
    element.addEventListener('checkout-ready', () => element.close(), { once: true });
    element.addEventListener('checkout-ready', () => order.push('after'), { once: true });
    await reach(element, 'closed');
    expect(order).toEqual(['ready', 'after', 'closed']);
  });
});

describe('without a line', () => {
  it('says so, and goes on by itself', async () => {
    const line = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const element = await mount();
    await reach(element, 'offline');
    expect(words(element)).toContain('offline');
    expect(element.diagnosis).toBeNull();
    line.mockReturnValue(true);
    window.dispatchEvent(new Event('online'));
    await reach(element, 'ready');
  });

  it('a frame that is there already stays', async () => {
    const element = await mount();
    await reach(element, 'ready');
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    expect(element.state).toBe('ready');
  });
});

describe('a move', () => {
  const { moveBefore } = Element.prototype as { moveBefore?: (node: Node, before: Node | null) => void };
  const what = moveBefore
    ? 'with moveBefore keeps the frame and the attempt'
    : 'where there is no moveBefore loads the frame again and keeps the attempt';

  it(what, async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { frame } = element;
    const before = frame?.contentWindow;
    const place = document.createElement('section');
    element.parentElement?.append(place);
    const states: string[] = [];
    element.addEventListener('checkout-statechange', ({ to }) => states.push(to));
    if (moveBefore) moveBefore.call(place, element, null);
    else place.append(element);
    await judged();
    expect(element.parentElement).toBe(place);
    expect(element.frame).toBe(frame);
    expect(element.frame?.contentWindow === before).toBe(moveBefore !== undefined);
    await reach(element, 'ready');
    expect(states).toEqual(moveBefore ? [] : ['loading', 'ready']);
    say(element, 'checkoutClosed', PICK);
    await reach(element, 'closed');
  });

  it('within one task loads the frame again, as browsers do, and keeps the attempt', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'processing' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    const parent = element.parentElement;
    element.remove();
    parent?.append(element);
    await judged();
    expect(element.state).toBe('confirmed');
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
  });
});

describe('gone from the page', () => {
  it('settles its promises and hears nothing more', async () => {
    const element = await mount(`portal="${PORTAL}" plan="silent"`);
    const { ready, outcome, frame } = element;
    element.remove();
    expect([await ready, await outcome]).toEqual([false, 'closed']);
    const rejected = vi.fn();
    element.addEventListener('checkout-rejected', rejected);
    forge('checkoutClosed', { frame, ...PICK });
    await judged();
    expect(rejected).not.toHaveBeenCalled();
    expect(element.state).toBe('idle');
  });

  it('asks for nothing more, and ends the question under way', async () => {
    const element = await mount('target="inline"');
    const asked: AbortSignal[] = [];
    element.getStatus = ({ signal }) => {
      asked.push(signal);
      return new Promise(() => undefined);
    };
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await heard(element, 'checkout-confirmed');
    await eventually(() => expect(asked).toHaveLength(1));
    element.remove();
    await judged();
    expect(asked[0]?.aborted).toBe(true);
    window.dispatchEvent(new Event('focus'));
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    await judged();
    expect(asked).toHaveLength(1);
  });
});
