/** The element in a real React, as the README has it there. */
import { fixture } from '@open-wc/testing';
import { createElement as h, StrictMode, useEffect, useRef, useState, type ReactNode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server.browser';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CheckoutEmbed, type StatusAnswer } from 'checkout-embed';
import { eventually, hushed, isInView, judged, PICK, PORTAL, reach, say, timesAsked } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const roots: Root[] = [];

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  for (const root of roots.splice(0)) root.unmount();
  vi.restoreAllMocks();
});

describe('in React', () => {
  it('twice mounted by StrictMode, is one element with one frame, and sells to the end', async () => {
    const plan = `react-${crypto.randomUUID()}`;
    const settled = vi.fn();
    const fulfilled = (): Promise<Pick<StatusAnswer, 'status'>> => Promise.resolve({ status: 'fulfilled' });
    function Checkout(): ReactNode {
      const tag = useRef<CheckoutEmbed>(null);
      useEffect(() => {
        const ended = new AbortController();
        tag.current?.addEventListener('checkout-settled', settled, { signal: ended.signal });
        return () => ended.abort();
      }, []);
      return h('checkout-embed', { ...at(plan), ref: tag, getStatus: fulfilled });
    }
    const place = await draw(h(StrictMode, null, h(Checkout)));
    const element = await drawn(place);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'settled');
    expect(settled).toHaveBeenCalledOnce();
    expect(await timesAsked(plan)).toBe(1);
  });

  it('keeps its frame while children for states come and go, and listeners and functions are new at every turn', async () => {
    const plan = `react-${crypto.randomUUID()}`;
    const told = vi.fn();
    let again = (): void => undefined;
    let seen = 0;
    function Checkout(): ReactNode {
      const [turn, setTurn] = useState(0);
      useEffect(() => {
        seen = turn;
        again = () => setTurn(turn + 1);
      }, [turn]);
      const status = turn === 3 ? 'fulfilled' : 'open';
      const props = {
        ...at(plan),
        getStatus: () => Promise.resolve({ status }),
        messages: { ready: `Turn ${turn}` },
        'oncheckout-settled': () => told(turn),
      };
      return h('checkout-embed', props, turn % 2 === 1 && h('p', { slot: 'settled' }, 'Done'));
    }
    const element = await drawn(await draw(h(Checkout)));
    await reach(element, 'ready');
    const { frame } = element;
    for (let turn = 1; turn <= 3; turn += 1) {
      again();
      await eventually(() => expect(seen).toBe(turn));
      await judged();
    }
    expect([element.state, element.frame === frame, await timesAsked(plan)]).toEqual(['ready', true, 1]);
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'settled');
    expect(told.mock.calls).toEqual([[3]]);
    expect(element.querySelector('[slot="settled"]')?.checkVisibility()).toBe(true);
  });

  it('shows what React put into a template', async () => {
    const own = h('template', { slot: 'confirmed' }, h('b', { className: 'own' }, 'Thanks!'));
    const element = await drawn(await draw(h('checkout-embed', at('pro-plan'), own)));
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    expect(element.querySelector(':scope > div .own')?.checkVisibility()).toBe(true);
  });

  it('goes away in a listener of its own, and comes back without an offer', async () => {
    const order = `ord_${crypto.randomUUID()}`;
    let show: (is: boolean) => void = () => undefined;
    // It tells again what is known when it comes back.
    let hides = true;
    function Page(): ReactNode {
      const [isShown, setShown] = useState(true);
      show = setShown;
      const props = { ...at('pro-plan'), order, 'oncheckout-confirmed': () => hides && setShown(false) };
      return isShown ? h('checkout-embed', props) : h('p', null, 'Thanks');
    }
    const place = await draw(h(Page));
    const first = await drawn(place);
    await reach(first, 'ready');
    say(first, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(first.isConnected).toBe(false));
    hides = false;
    show(true);
    const second = await drawn(place);
    await reach(second, 'confirmed');
    expect([second === first, second.querySelector('iframe')]).toEqual([false, null]);
  });

  it('in a list that is sorted anew asks for its frame once more, and no element is another', async () => {
    const plans = [1, 2].map(() => `react-${crypto.randomUUID()}`);
    let turn = (): void => undefined;
    function List(): ReactNode {
      const [order, setOrder] = useState(plans);
      turn = () => setOrder(order.toReversed());
      return order.map((plan) => h('checkout-embed', { ...at(plan), key: plan }));
    }
    const place = await draw(h(List));
    await drawn(place);
    const elements = [...place.querySelectorAll('checkout-embed')];
    for (const element of elements) await reach(element, 'ready');
    turn();
    await eventually(() => expect(place.firstElementChild).toBe(elements[1]));
    for (const element of elements) await reach(element, 'ready');
    await judged();
    const asked = await Promise.all(plans.map(timesAsked));
    // React takes out one of the two.
    expect(asked.toSorted()).toEqual([1, 2]);
  });

  it('rendered by a server and registered by an effect, is taken over as it is', async () => {
    const plan = `react-${crypto.randomUUID()}`;
    const tag = `checkout-late-${crypto.randomUUID()}`;
    const trouble = vi.fn();
    function Checkout(): ReactNode {
      const checkout = useRef<CheckoutEmbed>(null);
      useEffect(() => {
        CheckoutEmbed.define(tag);
        checkout.current!.getStatus = () => Promise.resolve({ status: 'fulfilled' });
      }, []);
      return h(tag, { ...at(plan), ref: checkout }, h('p', { slot: 'confirmed' }, 'Thanks'));
    }
    const place = await fixture<HTMLElement>('<div></div>');
    place.innerHTML = renderToString(h(Checkout));
    const served = place.querySelector(tag);
    roots.push(hydrateRoot(place, h(Checkout), { onRecoverableError: trouble }));
    await customElements.whenDefined(tag);
    const element = place.querySelector<CheckoutEmbed>(tag)!;
    await reach(element, 'ready');
    expect([element === served, isInView(element), await timesAsked(plan)]).toEqual([true, true, 1]);
    expect(trouble).not.toHaveBeenCalled();
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'settled');
  });
});

/** The tag's attributes for `plan`; no deadline comes. */
function at(plan: string): Readonly<Record<string, string>> {
  return { portal: PORTAL, plan, target: 'inline', 'slow-after': '60000', timeout: '60000' };
}

async function draw(what: ReactNode): Promise<HTMLElement> {
  const place = await fixture<HTMLElement>('<div></div>');
  const root = createRoot(place);
  roots.push(root);
  root.render(what);
  return place;
}

/** React draws in its own time. */
async function drawn(place: HTMLElement): Promise<CheckoutEmbed> {
  await eventually(() => expect(place.querySelector('checkout-embed')).not.toBeNull());
  return place.querySelector('checkout-embed')!;
}
