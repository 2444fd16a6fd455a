/** The words of a state: ours in the page's language, the page's own, a whole language, a template. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CheckoutEmbed, type Messages } from 'checkout-embed';
import { hushed, judged, mount, part, PICK, PORTAL, reach, say, words } from './support.js';

beforeEach(hushed);
afterEach(() => {
  delete CheckoutEmbed.languages['de'];
  vi.restoreAllMocks();
});

describe('a language', () => {
  it('is added by one object, and is found by what stands before the dash', async () => {
    const messages: Messages = Object.fromEntries(
      ['frameTitle', 'retry', 'reopen', 'openTab', 'back'].map((name) => [name, `de ${name}`]),
    ) as unknown as Messages;
    CheckoutEmbed.languages['de'] = { ...messages, closed: ['Geschlossen', 'Sie können sie wieder öffnen.'] };
    const element = await mount('target="inline" lang="de-AT"');
    await reach(element, 'ready');
    element.close();
    await element.updateComplete;
    expect(words(element)).toBe('Geschlossen. Sie können sie wieder öffnen.');
    expect(part(element, 'button')?.textContent).toContain('de reopen');
    expect(element.frame?.title).toBe('de frameTitle');
  });

  it.each(['tlh', 'constructor'])(
    'that nobody knows is English, without a word about it: %s',
    async (lang) => {
      const said = vi.spyOn(console, 'warn');
      const element = await mount(`target="inline" lang="${lang}"`);
      await reach(element, 'ready');
      element.close();
      await element.updateComplete;
      expect(words(element)).toContain('Checkout closed');
      expect(said).not.toHaveBeenCalled();
      expect(console.error).not.toHaveBeenCalled();
    },
  );
});

describe('a slot', () => {
  it('of a template holds a copy while its state is shown, and nothing before or after', async () => {
    const element = await mount(
      'target="inline"',
      `<template slot="confirmed"><b class="own">Thanks!</b></template>`,
    );
    element.plan = 'pro-plan';
    element.portal = PORTAL;
    await reach(element, 'ready');
    expect(element.querySelector('.own')).toBeNull();
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    expect(element.querySelector('.own')?.checkVisibility()).toBe(true);
    expect(element.renderRoot.querySelector('h2')?.checkVisibility()).toBe(false);
    element.reset();
    await reach(element, 'ready');
    expect(element.querySelector('.own')).toBeNull();
  });

  it('of a template that holds its children beside its content, as React and Vue make one, holds a copy of those', async () => {
    const element = await mount('target="inline"', '<template slot="confirmed"></template>');
    const own = document.createElement('b');
    own.className = 'own';
    element.querySelector('template')?.append(own);
    element.plan = 'pro-plan';
    element.portal = PORTAL;
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    expect([...element.querySelectorAll('.own')].map((one) => one.checkVisibility())).toEqual([false, true]);
    element.reset();
    await reach(element, 'ready');
    expect(element.querySelectorAll('.own')).toHaveLength(1);
  });

  it('of a template is filled once, also when the element has left and come back', async () => {
    const element = await mount(
      'order="ord_words" target="inline"',
      `<template slot="confirmed"><b class="own">Thanks!</b></template>`,
    );
    element.plan = 'pro-plan';
    element.portal = PORTAL;
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    const parent = element.parentElement;
    element.remove();
    await judged();
    expect(element.querySelector('.own')).toBeNull();
    parent?.append(element);
    await reach(element, 'confirmed');
    expect(element.querySelectorAll('.own')).toHaveLength(1);
    element.reset();
  });

  it('stands beside a frame that is at work, too', async () => {
    const element = await mount('target="inline"');
    const own = document.createElement('b');
    own.slot = 'ready';
    own.textContent = 'Choose a plan';
    element.append(own);
    await reach(element, 'ready');
    expect(own.checkVisibility()).toBe(true);
    expect(own.assignedSlot?.closest('[part~="strip-ready"]')).not.toBeNull();
  });
});
