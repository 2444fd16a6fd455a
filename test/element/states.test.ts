/** Each state as the buyer meets it: legible to all, styled by one name, and never a dead end. */
import { expect as expectThat } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed, CheckoutState, Messages, StatusAnswer } from 'checkout-embed';
import { FACES, open, play, SCENES, STATES } from './scenes.js';
import { arrived, eventually, hushed, judged, mount, part, PICK, reach, say, words } from './support.js';

const CARDS = SCENES.ready.attributes;
/** They show the frame, or its room. */
const WORDLESS: readonly CheckoutState[] = ['idle', 'loading', 'ready', 'checkout'];

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

/** Without the vendor's frame: it is not ours to judge, and axe waits half a second for its answer. */
const axeContext = (element: CheckoutEmbed): object => ({ include: [element], exclude: [['iframe']] });

describe('in every state', () => {
  // What axe reads is the same in every browser, and in one it is read in half the time.
  if (server.browser === 'chromium')
    it.each(FACES)('%s is accessible %s, light and dark', async (state, _, scene) => {
      const element = await play(state, scene);
      await arrived(element);
      await expectThat(axeContext(element)).to.be.accessible();
      element.style.colorScheme = 'dark';
      await expectThat(axeContext(element)).to.be.accessible();
    });

  it('its name is on the element also where the browser knows internals by halves, as the jsdom that Jest brings', async () => {
    const busy = vi.spyOn(ElementInternals.prototype, 'ariaBusy', 'set');
    busy.mockImplementation(() => {
      throw new TypeError("Cannot read properties of undefined (reading 'set')");
    });
    const element = await mount();
    await reach(element, 'ready');
    expect(busy).toHaveBeenCalled();
    expect(element.dataset['state']).toBe('ready');
  });

  it.each(STATES)('%s has its name on the element, for styles', async (state, scene) => {
    const element = await play(state, scene);
    expect(element.dataset['state']).toBe(state);
    expect(element.matches(`:state(${state})`)).toBe(true);
  });

  it.each(STATES)('%s takes no room that was not kept', async (state, scene) => {
    const element = await mount(scene.attributes);
    const { height } = element.getBoundingClientRect();
    const top = element.frame?.getBoundingClientRect().top;
    await play(state, scene, element);
    expect(element.getBoundingClientRect().height).toBe(height);
    expect(element.frame?.getBoundingClientRect().top).toBe(top);
  });

  it.each(STATES)('%s can be filled by the page, in a slot of its name', async (state, scene) => {
    const element = await play(state, scene);
    const own = document.createElement('p');
    own.slot = state;
    own.textContent = 'Mine';
    element.append(own);
    expect(own.checkVisibility()).toBe(true);
  });

  it.each(STATES.filter(([state]) => !WORDLESS.includes(state)))(
    '%s can be worded by the page',
    async (state, scene) => {
      const element = await play(state, scene);
      const names: Partial<Record<CheckoutState, keyof Messages>> = {
        confirmed: 'confirming',
        error: 'errorRetry',
      };
      element.messages = { [names[state] ?? state]: ['Own', 'words'] };
      await element.updateComplete;
      expect(words(element)).toBe('Own. words');
    },
  );

  it('Danish is spoken where the page is Danish, and English where its language is unknown', async () => {
    const danish = await play('closed', { ...SCENES.closed, attributes: `${CARDS} lang="da-DK"` });
    expect(words(danish)).toContain('Betalingen er lukket');
    const swedish = await play('closed', { ...SCENES.closed, attributes: `${CARDS} lang="sv"` });
    expect(words(swedish)).toContain('Checkout closed');
  });
});

describe('the live region', () => {
  it.each(FACES)('speaks once in %s, %s', async (state, _, scene) => {
    const element = await open(scene);
    const said = listen(element);
    await play(state, scene, element);
    await judged();
    const during = said.map(([then]) => then);
    expect(during).toEqual([...new Set(during)]);
    expect(during.includes(state)).toBe(!WORDLESS.includes(state));
  });

  it('does not say again in `error` what is then seen: that another try is safe', async () => {
    const element = await mount(CARDS);
    const said = listen(element);
    let answer: Omit<StatusAnswer, 'v'> = { status: 'open' };
    element.getStatus = () => Promise.resolve(answer);
    await reach(element, 'ready');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    answer = { status: 'open', retry: true };
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
    expect(part(element, 'message')?.textContent).toContain('You can try again.');
    await judged();
    expect(said).toEqual([['error', expect.stringContaining('we are checking') as string]]);
    // Another failure, of which it is known at once that nothing was paid.
    answer = { status: 'open' };
    say(element, 'checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' });
    await eventually(() => expect(said).toHaveLength(2));
    expect(said[1]).toEqual(['error', expect.stringContaining('You can try again') as string]);
  });

  it('translates what it has said, and says nothing for words that it has not', async () => {
    const element = await play('closed', SCENES.closed);
    const said = listen(element);
    element.messages = { reopen: 'Åbn igen' };
    await element.updateComplete;
    expect(part(element, 'button')?.textContent).toBe('Åbn igen');
    element.messages = { closed: ['Lukket', 'Åbn igen, når du vil.'] };
    await judged();
    expect(said.map(([, text]) => text)).toEqual([
      'Checkout closed. You can open it again whenever you like.',
      'Lukket. Åbn igen, når du vil.',
    ]);
  });

  it('never leaves, and is the only one', async () => {
    const element = await mount(CARDS);
    const region = element.renderRoot.querySelector('[role="status"]');
    await play('settled', SCENES.settled, element);
    expect(element.renderRoot.querySelectorAll('[role="status"]')).toHaveLength(1);
    expect(element.renderRoot.querySelector('[role="status"]')).toBe(region);
    expect(words(element)).toContain('all set');
  });
});

describe('the frame', () => {
  it.each([
    ['loading', false],
    ['ready', true],
    ['pending', true],
    ['error', true],
    ['away', true],
    ['confirmed', false],
    ['closed', false],
  ] as const)('in %s is reachable: %s', async (state, reachable) => {
    const element = await play(state, SCENES[state]);
    element.frame?.focus();
    expect(document.activeElement === element.frame).toBe(reachable);
  });
});

describe('focus', () => {
  it('goes from a frame that disappears to the heading that comes', async () => {
    const element = await play('ready', SCENES.ready);
    element.frame?.focus();
    await play('confirmed', SCENES.confirmed, element);
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'heading'));
  });

  it('stays in a frame that stays', async () => {
    const element = await play('ready', SCENES.ready);
    element.frame?.focus();
    await play('pending', SCENES.pending, element);
    expect(document.activeElement).toBe(element.frame);
  });

  it('is left alone elsewhere on the page', async () => {
    const element = await play('ready', SCENES.ready);
    const field = document.createElement('input');
    element.parentElement?.append(field);
    field.focus();
    await play('confirmed', SCENES.confirmed, element);
    expect(document.activeElement).toBe(field);
  });

  it('goes from a button that disappears to the element, and on from there by keyboard', async () => {
    const element = await play('closed', SCENES.closed);
    const button = part(element, 'button');
    button?.focus();
    button?.click();
    await element.updateComplete;
    expect(element.state).toBe('loading');
    expect(element.shadowRoot?.activeElement).toBe(part(element, 'base'));
  });
});

describe('another try', () => {
  it('is never offered after a confirmation', async () => {
    for (const state of ['confirmed', 'settled', 'unsettled', 'failed', 'pending'] as const) {
      const element = await play(state, SCENES[state]);
      expect(part(element, 'button')).toBeNull();
      element.retry();
      expect(element.state).toBe(state);
    }
  });

  it('after a failure that may hide a payment waits for the backend’s word', async () => {
    const element = await mount(CARDS);
    let answer: Omit<StatusAnswer, 'v'> = { status: 'open' };
    element.getStatus = () => Promise.resolve(answer);
    await reach(element, 'ready');
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    expect(part(element, 'button')).toBeNull();
    answer = { status: 'open', retry: true };
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
    part(element, 'button')?.click();
    await reach(element, 'ready');
  });
});

/** What the live region says from now on, and in which state. */
function listen(element: CheckoutEmbed): (readonly [state: CheckoutState, text: string])[] {
  const region = element.renderRoot.querySelector('[role="status"]');
  const said: (readonly [state: CheckoutState, text: string])[] = [];
  const note = (): void => {
    if (words(element) !== '') said.push([element.state, words(element)]);
  };
  note();
  if (region !== null)
    new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
  return said;
}
