/** Each state as the buyer meets it: legible to all, styled by one name, and never a dead end. */
import { expect as expectThat } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed, CheckoutState, Messages, StatusAnswer } from 'checkout-embed';
import { arrived, hushed, mount, part, PICK, PORTAL, reach, say, words } from './support.js';

const SILENT = `portal="${PORTAL}" plan="silent"`;
const CARDS = `portal="${PORTAL}" plan="pro-plan" target="inline"`;
const CONFIRMED = ['checkoutConfirmed', { ...PICK, status: 'CONFIRMED' }] as const;

interface Scene {
  readonly attributes: string;
  readonly says?: readonly [name: string, payload: object];
  readonly status?: StatusAnswer['status'];
}

const SCENES: Readonly<Record<Exclude<CheckoutState, 'idle' | 'deferred' | 'offline'>, Scene>> = {
  loading: { attributes: `${SILENT} timeout="60000"` },
  slow: { attributes: `${SILENT} slow-after="10"` },
  blocked: { attributes: `${SILENT} slow-after="10" timeout="50" retries="0"` },
  ready: { attributes: CARDS },
  checkout: { attributes: CARDS, says: ['checkoutInitiated', { ...PICK, vanity: 'pro-plan' }] },
  away: {
    attributes: CARDS.replace('inline', '_blank'),
    says: ['checkoutInitiated', { ...PICK, vanity: 'pro-plan' }],
  },
  pending: { attributes: CARDS, says: ['checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' }] },
  error: { attributes: CARDS, says: ['checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' }] },
  closed: { attributes: CARDS, says: ['checkoutClosed', PICK] },
  confirmed: { attributes: CARDS, says: CONFIRMED, status: 'processing' },
  settled: { attributes: CARDS, says: CONFIRMED, status: 'fulfilled' },
  unsettled: { attributes: CARDS, says: CONFIRMED, status: 'review' },
  failed: { attributes: CARDS, says: CONFIRMED, status: 'failed' },
};
const STATES = Object.entries(SCENES) as [keyof typeof SCENES, Scene][];

beforeEach(hushed);
afterEach(() => vi.restoreAllMocks());

describe('in every state', () => {
  // What axe reads is the same in every browser, and in one it is read in half the time.
  if (server.browser === 'chromium')
    it.each(STATES)('%s is accessible, light and dark', async (state, scene) => {
      const element = await play(state, scene);
      await arrived(element);
      await expectThat(element).to.be.accessible();
      element.style.colorScheme = 'dark';
      await expectThat(element).to.be.accessible();
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

  it.each(STATES.filter(([state]) => !['loading', 'ready', 'checkout'].includes(state)))(
    '%s can be worded by the page, in a slot of its name and by messages',
    async (state, scene) => {
      const element = await play(state, scene);
      const names: Partial<Record<CheckoutState, keyof Messages>> = {
        confirmed: 'confirming',
        error: 'errorRetry',
      };
      element.messages = { [names[state] ?? state]: ['Own', 'words'] };
      await element.updateComplete;
      expect(words(element)).toBe('Own. words');
      const own = document.createElement('p');
      own.slot = state;
      own.textContent = 'Mine';
      element.append(own);
      expect(own.checkVisibility()).toBe(true);
    },
  );

  it('the announcements come from one region that never leaves', async () => {
    const element = await mount(CARDS);
    const region = element.renderRoot.querySelector('[role="status"]');
    await play('settled', SCENES.settled, element);
    expect(element.renderRoot.querySelectorAll('[role="status"]')).toHaveLength(1);
    expect(element.renderRoot.querySelector('[role="status"]')).toBe(region);
    expect(words(element)).toContain('all set');
  });

  it('Danish is spoken where the page is Danish, and English where its language is unknown', async () => {
    const danish = await play('closed', { ...SCENES.closed, attributes: `${CARDS} lang="da-DK"` });
    expect(words(danish)).toContain('Betalingen er lukket');
    const swedish = await play('closed', { ...SCENES.closed, attributes: `${CARDS} lang="sv"` });
    expect(words(swedish)).toContain('Checkout closed');
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
    await vi.waitFor(() => expect(part(element, 'button')).not.toBeNull(), 5000);
    part(element, 'button')?.click();
    await reach(element, 'ready');
  });
});

async function play(state: CheckoutState, scene: Scene, given?: CheckoutEmbed): Promise<CheckoutEmbed> {
  const element = given ?? (await mount(scene.attributes));
  const { status } = scene;
  if (status !== undefined) element.getStatus = () => Promise.resolve({ status });
  if (scene.says !== undefined) {
    await reach(element, 'ready');
    say(element, ...scene.says);
  }
  await reach(element, state);
  return element;
}
