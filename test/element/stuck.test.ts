/** What stands in the frame's place where the second file, with all words and panels, cannot be had: legible too. */
import { expect as expectThat, fixture } from '@open-wc/testing';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import { CheckoutEmbed } from 'checkout-embed';

/** An attempt of before: the order may be paid. */
const KEPT = 'checkout-embed:attempts:https://shop.example/checkout';

/** The second file comes when the test is over: the runner waits for it. */
const gate = vi.hoisted(() => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
});
vi.mock('../../src/element/rest.js', async (original) => {
  await gate.opened;
  return original();
});

afterEach(() => localStorage.removeItem(KEPT));
afterAll(async () => {
  gate.open();
  await CheckoutEmbed.preload();
});

it('is accessible, light and dark', async () => {
  localStorage.setItem(KEPT, '[]');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const element = await fixture<CheckoutEmbed>(
    '<checkout-embed portal="http://127.0.0.1:9" plan="pro-plan"></checkout-embed>',
  );
  // As long as it is waited for.
  await vi.advanceTimersByTimeAsync(12_000);
  vi.useRealTimers();
  await element.updateComplete;
  expect(element.renderRoot.querySelector('[part~="panel-blocked"]')?.checkVisibility()).toBe(true);
  // Large enough for a finger (WCAG 2.2, 2.5.8).
  expect(element.renderRoot.querySelector('button')?.offsetHeight).toBeGreaterThanOrEqual(24);
  // Of a dark button, WebKitGTK gives two colors that it does not paint with.
  for (const scheme of server.browser === 'webkit' ? ['light'] : ['light', 'dark']) {
    element.style.colorScheme = scheme;
    await expectThat(element).to.be.accessible();
  }
});
