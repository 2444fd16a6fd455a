/** With real keys: what can be pressed is reached in the order it stands in, and whoever pressed it is not lost. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { CheckoutEmbed, CheckoutState } from 'checkout-embed';
import { play, SCENES } from './scenes.js';
import {
  eventually,
  heard,
  hushed,
  mount,
  nextFrameLoad,
  part,
  PICK,
  PORTAL,
  reach,
  say,
} from './support.js';

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('Tab', () => {
  it('goes through a panel in its order, in and out', async () => {
    const { element, before, after } = await between('blocked');
    before.focus();
    const order = ['button', 'link'].map((name) => part(element, name));
    // For developers, on a page of their own machine.
    order.push(element.renderRoot.querySelector('summary'));
    for (const next of order) {
      await userEvent.tab();
      expect(element.shadowRoot?.activeElement).toBe(next);
    }
    await userEvent.tab();
    expect(document.activeElement).toBe(after);
    for (const next of order.toReversed()) {
      await userEvent.tab({ shift: true });
      expect(element.shadowRoot?.activeElement).toBe(next);
    }
    await userEvent.tab({ shift: true });
    expect(document.activeElement).toBe(before);
  });

  it('comes from a page’s field to the link of a note, and passes a frame that is covered', async () => {
    const { element, before, after } = await between('slow');
    before.focus();
    await userEvent.tab();
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'link'));
    await userEvent.tab();
    expect(document.activeElement).toBe(after);
  });

  it('comes to the frame behind the button of a note beside it', async () => {
    const { element, before } = await between('away');
    before.focus();
    await userEvent.tab();
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'button'));
    await userEvent.tab();
    await arrivesIn(element.frame);
  });

  it('does not stop at a panel that has nothing to press', async () => {
    const { before, after } = await between('settled');
    before.focus();
    await userEvent.tab();
    expect(document.activeElement).toBe(after);
  });
});

describe('the button', () => {
  it.each(['{Enter}', ' '])('of a panel works by the key "%s", and Tab goes on to the frame', async (key) => {
    const { element, before } = await between('closed');
    before.focus();
    await userEvent.tab();
    const retried = heard(element, 'checkout-retry');
    await press(key);
    expect((await retried).load).toBe(2);
    await reach(element, 'ready');
    // The skeleton had no heading to take the focus.
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'base'));
    await userEvent.tab();
    await arrivesIn(element.frame);
  });

  it('of a panel that gave way to the skeleton leaves the focus in the box, and Tab passes the covered frame', async () => {
    const loaded = nextFrameLoad();
    // Of the next load it says nothing by itself: the skeleton stays.
    const element = await mount(`portal="${PORTAL}" plan="silent" target="inline"`);
    await loaded;
    say(element, 'pageLoaded');
    await reach(element, 'ready');
    say(element, 'checkoutClosed', PICK);
    await reach(element, 'closed');
    const { before, after } = fieldsAround(element);
    before.focus();
    await userEvent.tab();
    await press('{Enter}');
    await reach(element, 'loading');
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'base'));
    await userEvent.tab();
    expect(document.activeElement).toBe(after);
  });

  it('of a note that goes leaves the focus in the box, and Tab goes on to the frame', async () => {
    const { element, before } = await between('away');
    before.focus();
    await userEvent.tab();
    await press('{Enter}');
    await reach(element, 'ready');
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'base'));
    await userEvent.tab();
    await arrivesIn(element.frame);
  });
});

describe('the heading of a panel', () => {
  it('takes the focus of a frame that went, and Tab goes on to the button', async () => {
    const { element } = await between('ready');
    element.frame?.focus();
    say(element, 'checkoutClosed', PICK);
    await reach(element, 'closed');
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'heading'));
    await userEvent.tab();
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'button'));
  });

  it('takes it where the panel has nothing to press, and Tab leaves the element', async () => {
    const { element, after } = await between('ready');
    element.frame?.focus();
    await play('settled', SCENES.settled, element);
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'heading'));
    await userEvent.tab();
    expect(document.activeElement).toBe(after);
  });
});

/**
 * Goes to whatever has the focus. `userEvent.keyboard` would look for Vitest's frame by a name that Firefox, after the
 * files before this one, does not find any more (Vitest 4.1).
 */
function press(key: string): Promise<void> {
  return userEvent.type(document.body, key, { skipClick: true, skipAutoClose: true });
}

/** Into another process the focus goes in a moment of its own. */
async function arrivesIn(frame: HTMLIFrameElement | null): Promise<void> {
  await eventually(() => expect(document.activeElement).toBe(frame));
}

interface Fields {
  readonly before: HTMLInputElement;
  readonly after: HTMLInputElement;
}

/** An element in this state, with a field of the page on either side. */
async function between(state: CheckoutState): Promise<Fields & { readonly element: CheckoutEmbed }> {
  const element = await play(state, SCENES[state]);
  return { element, ...fieldsAround(element) };
}

function fieldsAround(element: CheckoutEmbed): Fields {
  const [before, after] = [document.createElement('input'), document.createElement('input')];
  element.before(before);
  element.after(after);
  return { before, after };
}
