/** Who is believed: the own frame, by a real message. Everything else moves nothing and is reported. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import {
  eventually,
  forge,
  heard,
  judged,
  mount,
  nextFrameLoad,
  PICK,
  PORTAL,
  reach,
  say,
} from './support.js';

/** Keeps us in front of the vendor's script: whoever joins when nobody is left stands behind it, and believes more. */
let first: Element;

beforeAll(async () => {
  first = document.createElement('checkout-embed');
  Object.assign(first, { portal: PORTAL, plan: 'pro-plan' });
  document.body.append(first);
  await reach(first as CheckoutEmbed, 'ready');
});
afterAll(() => first.remove());

describe('an event', () => {
  it('that any script dispatches with a copied frame is rejected as forged', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    forge('checkoutConfirmed', { frame: element.frame, ...PICK, status: 'CONFIRMED' });
    const { reason, name } = await heard(element, 'checkout-rejected');
    expect({ reason, name }).toEqual({ reason: 'forged', name: 'checkoutConfirmed' });
    expect(element.state).toBe('ready');
  });

  it('is no better for a genuine message of the same turn that was about something else', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const rejected = heard(element, 'checkout-rejected');
    const onMessage = ({ source }: MessageEvent): void => {
      if (source !== element.frame?.contentWindow) return;
      removeEventListener('message', onMessage);
      // The vendor's listener, which came before this one, has said nothing.
      forge('checkoutConfirmed', { frame: element.frame, ...PICK, status: 'CONFIRMED' });
    };
    addEventListener('message', onMessage);
    say(element, 'resize', { height: 600 });
    expect((await rejected).reason).toBe('forged');
    expect(element.state).toBe('ready');
  });

  it('is no better within a message of the frame’s window, where that has gone to another origin', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { frame } = element;
    // The same server by another name: the frame stays the element's, and so does its window.
    const elsewhere = PORTAL.replace('127.0.0.1', 'localhost');
    const rejected: string[] = [];
    element.addEventListener('checkout-rejected', ({ reason }) => rejected.push(reason));
    const spoken: string[] = [];
    const onMessage = ({ source, origin }: MessageEvent): void => {
      if (source !== frame?.contentWindow) return;
      if (origin === elsewhere) forge('checkoutConfirmed', { frame, ...PICK, status: 'CONFIRMED' });
      spoken.push(origin);
    };
    addEventListener('message', onMessage);
    // Behind one message our last listener stands last again: the forger's is within the bracket from now on.
    say(element, 'resize');
    await eventually(() => expect(spoken).toEqual([PORTAL]));
    const loaded = nextFrameLoad();
    frame!.contentWindow!.location.href = `${elsewhere}/embed/silent`;
    await loaded;
    frame!.contentWindow!.postMessage({ stub: 'say', type: 'checkoutConfirmed' }, elsewhere);
    await eventually(() => expect(spoken).toEqual([PORTAL, elsewhere]));
    await judged();
    removeEventListener('message', onMessage);
    expect([element.state, rejected]).toEqual(['ready', ['forged']]);
  });

  it('with a forged message behind it is rejected too', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    const { frame } = element;
    window.dispatchEvent(
      new MessageEvent('message', { source: frame?.contentWindow ?? null, origin: PORTAL, data: {} }),
    );
    forge('checkoutConfirmed', { frame, ...PICK, status: 'CONFIRMED' });
    expect((await heard(element, 'checkout-rejected')).reason).toBe('forged');
  });

  it.each([
    ['no detail', null],
    ['no frame', {}],
    ['a frame that nobody here owns', { frame: document.createElement('iframe'), ...PICK }],
  ])('with %s is of a foreign frame', async (_, detail) => {
    const element = await mount();
    await reach(element, 'ready');
    forge('checkoutClosed', detail);
    expect((await heard(element, 'checkout-rejected')).reason).toBe('foreign-frame');
    expect(element.state).toBe('ready');
  });

  it.each([
    ['no ids', 'malformed', 'checkoutClosed', {}],
    ['an id that is no string', 'malformed', 'checkoutClosed', { planVersionId: 1, planItemId: 'x' }],
    ['no status', 'malformed', 'checkoutConfirmed', PICK],
    ['a status nobody knows', 'unknown-event', 'checkoutConfirmed', { ...PICK, status: 'MAYBE' }],
  ])('of the own frame with %s is rejected as %s', async (_, why, name, payload) => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, name, payload);
    expect((await heard(element, 'checkout-rejected')).reason).toBe(why);
    expect(element.state).toBe('ready');
  });

  it('of another embed on the page is none of this one’s business', async () => {
    const one = await mount('target="inline"');
    const other = await mount('target="inline"');
    await Promise.all([reach(one, 'ready'), reach(other, 'ready')]);
    const rejected = vi.fn();
    one.addEventListener('checkout-rejected', rejected);
    say(other, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(other, 'confirmed');
    await judged();
    expect(one.state).toBe('ready');
    expect(rejected).not.toHaveBeenCalled();
  });
});
