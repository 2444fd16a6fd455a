/** Each CSS variable changes what it is documented to change, on a part as the browser paints it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, server, userEvent } from 'vitest/browser';
import type { CheckoutEmbed, CheckoutState } from 'checkout-embed';
import { play, SCENES } from './scenes.js';
import { hushed, part } from './support.js';

const RED = 'rgb(250, 10, 20)';

type Row = readonly [
  name: string,
  value: string,
  state: CheckoutState,
  /** A part, or what is in it. */
  where: string,
  property: string,
  painted: string,
];

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('of the CSS variables', () => {
  it.each<Row>([
    ['text', RED, 'loading', 'base', 'color', RED],
    ['text', RED, 'closed', 'heading', 'color', RED],
    ['text', RED, 'blocked', 'link', 'color', RED],
    ['muted', RED, 'closed', 'message', 'color', RED],
    ['muted', RED, 'closed', 'icon', 'color', RED],
    ['muted', RED, 'ready', 'strip', 'color', RED],
    ['surface', RED, 'loading', 'base', 'background-color', RED],
    ['surface', RED, 'loading', 'skeleton', 'background-color', RED],
    ['surface', RED, 'closed', 'panel', 'background-color', RED],
    ['border', RED, 'loading', 'base', 'border-top-color', RED],
    ['border', RED, 'loading', 'bone', 'border-top-color', RED],
    ['border', RED, 'ready', 'strip', 'border-bottom-color', RED],
    ['border', RED, 'blocked', 'link', 'border-top-color', RED],
    ['border-width', '7px', 'loading', 'base', 'border-top-width', '7px'],
    ['accent', RED, 'closed', 'button', 'background-color', RED],
    ['on-accent', RED, 'closed', 'button', 'color', RED],
    ['success', RED, 'confirmed', 'icon', 'color', RED],
    ['danger', RED, 'failed', 'icon', 'color', RED],
    ['notice', RED, 'unsettled', 'icon', 'color', RED],
    ['notice', RED, 'slow', 'icon', 'color', RED],
    ['skeleton', RED, 'loading', 'bone i', 'background-color', RED],
    ['skeleton', RED, 'confirmed', 'progress', 'background-color', RED],
    ['radius', '33px', 'loading', 'base', 'border-top-left-radius', '33px'],
    ['radius', '33px', 'loading', 'bone', 'border-top-left-radius', '33px'],
    ['gap', '20px', 'loading', 'bone', 'padding-top', '30px'],
    ['gap', '20px', 'blocked', 'actions', 'column-gap', '15px'],
    ['gap', '20px', 'ready', 'strip', 'column-gap', '15px'],
    ['gap', '20px', 'closed', 'button', 'padding-left', '20px'],
    ['font', 'fantasy', 'loading', 'base', 'font-family', 'fantasy'],
    ['font', 'fantasy', 'closed', 'button', 'font-family', 'fantasy'],
    ['min-height', '777px', 'loading', 'frame-area', 'height', '777px'],
    ['strip-height', '99px', 'ready', 'strip', 'height', '99px'],
  ])('--checkout-embed-%s: %s in "%s" is on the %s', async (name, value, state, where, property, painted) => {
    const element = await play(state, SCENES[state]);
    expect(styleOf(element, where).getPropertyValue(property)).not.toBe(painted);
    element.style.setProperty(`--checkout-embed-${name}`, value);
    expect(styleOf(element, where).getPropertyValue(property)).toBe(painted);
  });

  it('--checkout-embed-focus-ring is around what the keyboard is at', async () => {
    const element = await play('closed', SCENES.closed);
    element.style.setProperty('--checkout-embed-focus-ring', RED);
    part(element, 'heading')?.focus();
    await userEvent.tab();
    const { outlineColor, outlineStyle } = styleOf(element, 'button');
    expect([outlineColor, outlineStyle]).toEqual([RED, 'solid']);
  });

  it('those of the page around it are taken, and the element’s own stand over them', async () => {
    const element = await play('closed', SCENES.closed);
    element.parentElement?.style.setProperty('--checkout-embed-accent', RED);
    expect(styleOf(element, 'button').backgroundColor).toBe(RED);
    element.style.setProperty('--checkout-embed-accent', 'rgb(1, 2, 3)');
    expect(styleOf(element, 'button').backgroundColor).toBe('rgb(1, 2, 3)');
  });
});

// The tests run under reduced motion, which only Chromium can be talked out of.
if (server.browser === 'chromium')
  describe('--checkout-embed-motion', () => {
    beforeEach(() => emulateMotion('no-preference'));
    afterEach(() => emulateMotion('reduce'));

    it.each<readonly [CheckoutState, string, string, string | undefined, string]>([
      ['loading', 'the skeleton', '[part~="skeleton"] [aria-hidden]', undefined, '4s'],
      ['closed', 'a panel', '[part~="panel"] .panel', undefined, '0.5s'],
      ['confirmed', 'the progress bar', '[part~="progress"]', '::before', '3.5s'],
    ])('is the pace in "%s" of %s', async (state, _, selector, pseudo, duration) => {
      const element = await play(state, SCENES[state]);
      const moving = element.renderRoot.querySelector(selector)!;
      expect(getComputedStyle(moving, pseudo).animationName).not.toBe('none');
      element.style.setProperty('--checkout-embed-motion', '0.5s');
      expect(getComputedStyle(moving, pseudo).animationDuration).toBe(duration);
    });

    it('is none under reduced motion', async () => {
      await emulateMotion('reduce');
      const element = await play('confirmed', SCENES.confirmed);
      element.style.setProperty('--checkout-embed-motion', '0.5s');
      const still = [
        getComputedStyle(element.renderRoot.querySelector('[part~="panel"] .panel')!),
        getComputedStyle(part(element, 'progress')!, '::before'),
      ];
      expect(still.map(({ animationName }) => animationName)).toEqual(['none', 'none']);
    });
  });

/** @param where As in a {@link Row}. */
function styleOf(element: CheckoutEmbed, where: string): CSSStyleDeclaration {
  const [name = '', within] = where.split(' ');
  const painted = part(element, name);
  const found = within === undefined ? painted : painted?.querySelector(within);
  if (found == null) throw new Error(`No "${where}" in "${element.state}"`);
  return getComputedStyle(found);
}

async function emulateMotion(value: 'reduce' | 'no-preference'): Promise<void> {
  const session = cdp() as unknown as { send(method: string, given: object): Promise<unknown> };
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] });
}
