/** From the skeleton to the thank-you, through a real frame on another origin. */
import { describe, expect, it } from 'vitest';
import { heard, mount, part, PICK, PORTAL, reach, say, words } from './support.js';

describe('a purchase', () => {
  it('goes from the skeleton over the cards and the checkout to done', async () => {
    const element = await mount();
    element.getStatus = () => Promise.resolve({ status: 'fulfilled' });
    expect(element.state).toBe('loading');
    expect(part(element, 'skeleton')).not.toBeNull();
    await reach(element, 'ready');
    expect(part(element, 'skeleton')).toBeNull();
    expect(await element.ready).toBe(true);
    expect(element.frame?.src).toBe(`${PORTAL}/embed/pro-plan?lang=en`);
    say(element, 'checkoutInitiated', { ...PICK, vanity: 'pro-plan' });
    await reach(element, 'away');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'settled');
    expect(await element.outcome).toBe('settled');
    expect(words(element)).toContain('all set');
  });

  it('that was closed and opened again ends as it ended, not as it was closed', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'fulfilled' });
    await reach(element, 'ready');
    element.close();
    expect(await element.outcome).toBe('closed');
    element.retry();
    await reach(element, 'loading');
    expect(await Promise.race([element.outcome, Promise.resolve('open')])).toBe('open');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    expect(await element.outcome).toBe('settled');
  });

  it('of an anonymous buyer ends with the later word', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
    await reach(element, 'pending');
    expect(await element.outcome).toBe('pending');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    await reach(element, 'confirmed');
    expect(await element.outcome).toBe('confirmed');
  });

  it('without a backend ends at thank you, and never says done', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
    const event = await heard(element, 'checkout-confirmed');
    expect(event.planItemId).toBe('item_1');
    expect(await element.outcome).toBe('confirmed');
    await element.updateComplete;
    expect(words(element)).toContain('Thank you');
    expect(part(element, 'progress')).toBeNull();
  });
});
