/** The element under zone.js, as Angular has it: one listener of the browser's for many, asked in another order. */
import './with-zone.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hushed, mount, PICK, PORTAL, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

// The page listens too, first, and takes its time: the next word is there before any timer.
addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
  const endMs = performance.now() + (data.type === 'resize' ? 50 : 0);
  while (performance.now() < endMs);
});

// Its first word comes in one turn with another: what is not closed then is taken for how the vendor always speaks.
it.each([1, 2, 3, 4, 5, 6])('believes its own frame, time %d', async (time) => {
  const element = await mount(
    `portal="${PORTAL}" plan="resizes-${time}" target="inline" order="ord_zone_${time}"`,
  );
  const rejected = vi.fn();
  element.addEventListener('checkout-rejected', ({ reason, name }) => rejected(reason, name));
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(element, 'confirmed');
  expect(rejected).not.toHaveBeenCalled();
  element.remove();
});
