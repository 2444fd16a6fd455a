/** A vendor whose script dispatches in a later task. In a file of its own: the habit is learned once per portal and page. */
import { expect, it, vi } from 'vitest';
import { heard, mount, PICK, reach, say } from './support.js';

it('a script that dispatches late is believed all the same, and that is said once', async () => {
  (window as { stubDispatchesLate?: boolean }).stubDispatchesLate = true;
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const element = await mount('target="inline"');
  const other = await mount('target="inline"');
  await Promise.all([reach(element, 'ready'), reach(other, 'ready')]);
  const confirmed = heard(element, 'checkout-confirmed');
  say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
  expect((await confirmed).verified).toBe(false);
  expect(
    info.mock.calls.filter(([, words]) => String(words).includes('cannot be told from forged')),
  ).toHaveLength(1);
  info.mockRestore();
});
