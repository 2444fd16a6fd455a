/** Where the focus goes when what had it disappears, and the page has filled the slot of what comes. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually, hushed, mount, PICK, PORTAL, reach, say } from './support.js';

const CARDS = `portal="${PORTAL}" plan="pro-plan" target="inline"`;

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('a state whose slot the page has filled', () => {
  it('takes the focus to the box: our heading is not drawn, and the page’s own is the page’s', async () => {
    const element = await mount(CARDS, '<div slot="confirmed"><h2 tabindex="-1">Yours</h2></div>');
    await reach(element, 'ready');
    element.frame?.focus();
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    expect(element.querySelector('h2')?.checkVisibility()).toBe(true);
    expect(document.activeElement).toBe(element);
    expect(element.renderRoot.querySelector(':focus')).toBe(element.renderRoot.querySelector('.base'));
  });

  it('keeps a focus that the page has put into its own content', async () => {
    const element = await mount(CARDS, '<input slot="confirmed" />');
    await reach(element, 'ready');
    element.frame?.focus();
    const field = element.querySelector('input');
    element.addEventListener(
      'checkout-confirmed',
      () => void element.updateComplete.then(() => field?.focus()),
    );
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    await eventually(() => expect(document.activeElement).toBe(field));
    element.requestUpdate();
    await element.updateComplete;
    expect(document.activeElement).toBe(field);
  });
});
