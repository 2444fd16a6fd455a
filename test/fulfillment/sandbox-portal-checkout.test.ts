import type { FrameLocator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { api, mintBindRef } from './sandbox/client.js';
import { heardBy, hears } from './sandbox/host-page.js';
import { fillCheckout, usePortal } from './sandbox/portal-fixture.js';

const portal = usePortal();

describe('a checkout in the frame', () => {
  it('of a bound buyer confirms, with the ids and no vanity', async () => {
    const frame = await portal.openBound('/embed/pro-plan?target=inline');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    await frame.getByText('Nordlys Design ApS').waitFor();
    await fillCheckout(frame);
    expect((await hears(portal.page, 'checkoutConfirmed')).detail).toEqual({
      ...portal.ids(),
      status: 'CONFIRMED',
    });
    expect((await hears(portal.page, 'checkoutInitiated')).detail).toEqual({
      ...portal.ids(),
      vanity: 'pro-plan',
    });
    await frame.getByRole('heading', { name: 'You are subscribed' }).waitFor();
    expect(portal.sandbox.subscriptions.list()).toMatchObject([{ partnerReferenceId: 'order-1' }]);
  });

  it('of an anonymous buyer ends at the inbox; the click makes the subscription and tells the host nothing', async () => {
    const frame = await portal.open(portal.forcedPath);
    await fillCheckout(frame, 'buyer@mail.example');
    expect((await hears(portal.page, 'checkoutConfirmed')).detail['status']).toBe('PENDING_VERIFICATION');
    await frame.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    await frame.getByText('buyer@mail.example').waitFor();
    const inbox = await portal.page.context().newPage();
    await inbox.goto(`${portal.sandbox.portalOrigin}/_sandbox/inbox`);
    const landing = inbox.context().waitForEvent('page');
    await inbox.getByRole('link', { name: 'Confirm subscription' }).click();
    await (await landing).getByRole('heading', { name: 'Your subscription has begun' }).waitFor();
    expect(portal.sandbox.subscriptions.list()).toMatchObject([{ partnerReferenceId: null }]);
    expect((await heardBy(portal.page)).filter(({ name }) => name === 'checkoutConfirmed')).toHaveLength(1);
  });

  it.each([
    ['rejects', '() => Promise.reject(new Error("no"))'],
    ['throws', '() => { throw new Error("no"); }'],
    ['has nothing', '() => null'],
  ])('goes on anonymously when the provider %s', async (_, provider) => {
    const frame = await portal.open(portal.forcedPath, provider);
    await frame.getByLabel('E-mail address').waitFor();
  });

  it('asks a provider that was registered after the script', async () => {
    await portal.page.exposeFunction('mintBindRef', () => mintBindRef(portal.sandbox, 'order-2'));
    const frame = await portal.open('/embed/pro-plan?target=inline');
    await hears(portal.page, 'pageLoaded');
    await portal.page.evaluate(
      'window.LedgerBeeEmbed = { fetchBindToken: (asked) => { window.asked = asked; return mintBindRef(); } }',
    );
    await frame.getByRole('button', { name: 'Choose yearly' }).click();
    await frame.getByText('Nordlys Design ApS').waitFor();
    expect(await portal.page.evaluate('({ ...asked, frame: asked.frame.tagName })')).toEqual({
      ...portal.ids(portal.sandbox.plans.pro.items.yearly.id),
      vanity: 'pro-plan',
      frame: 'IFRAME',
    });
  });

  it('waits ten seconds for a provider, and then goes on anonymously', async () => {
    await portal.page.clock.install();
    const frame = await portal.open(portal.forcedPath, '() => new Promise(() => {})');
    await hears(portal.page, 'pageLoaded');
    await portal.page.clock.fastForward(5_000);
    expect(await frame.getByLabel('E-mail address').isVisible()).toBe(false);
    await portal.page.clock.fastForward(5_000);
    await frame.getByLabel('E-mail address').waitFor();
  });

  it('tells nothing of a duplicate confirm, and confirms once', async () => {
    portal.sandbox.scenarios.set('duplicate-confirm', { times: 1 });
    const frame = await portal.openBound(portal.forcedPath);
    await fillCheckout(frame);
    await hears(portal.page, 'checkoutConfirmed');
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded', 'checkoutConfirmed']);
    expect(portal.sandbox.subscriptions.list()).toHaveLength(1);
    expect(portal.sandbox.activity.list().some(({ summary }) => summary.endsWith('→ 409'))).toBe(true);
  });

  it('tells of stale terms, keeps what was typed, and confirms once they are accepted again', async () => {
    portal.sandbox.scenarios.set('confirm-fails', { times: 1 });
    const frame = await portal.open(portal.forcedPath);
    await fillCheckout(frame, 'buyer@mail.example');
    expect((await hears(portal.page, 'checkoutError')).detail).toEqual({
      ...portal.ids(),
      reason: 'CONFIRM_FAILED',
    });
    await frame.getByText('The terms have changed.').waitFor();
    expect(await frame.getByRole('checkbox').isChecked()).toBe(false);
    expect(await frame.getByLabel('E-mail address').inputValue()).toBe('buyer@mail.example');
    await fillCheckout(frame);
    expect((await hears(portal.page, 'checkoutConfirmed')).detail['status']).toBe('PENDING_VERIFICATION');
  });

  it('that expired starts over with a fresh session and a fresh ref', async () => {
    portal.sandbox.scenarios.set('session-expired', { times: 1 });
    const frame = await portal.openBound(portal.forcedPath);
    await fillCheckout(frame);
    expect((await hears(portal.page, 'checkoutError')).detail['reason']).toBe('CONFIRM_FAILED');
    await frame.getByRole('button', { name: 'Start over' }).click();
    await frame.getByText('Nordlys Design ApS').waitFor();
    await frame.getByTestId('confirm').click();
    expect((await hears(portal.page, 'checkoutConfirmed')).detail['status']).toBe('CONFIRMED');
  });

  it.each([
    ['mint-fails', 'Something went wrong'],
    ['self-signup-off', 'cannot sign up'],
  ] as const)('by %s returns to the cards with the reason', async (scenario, words) => {
    portal.sandbox.scenarios.set(scenario, { times: 1 });
    const frame = await portal.open('/embed/pro-plan?target=inline');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    expect((await hears(portal.page, 'checkoutError')).detail).toEqual({
      ...portal.ids(),
      reason: 'SESSION_MINT_FAILED',
    });
    await frame.getByRole('alert').filter({ hasText: words }).waitFor();
    await frame.getByRole('button', { name: 'Choose monthly' }).waitFor();
  });

  it('with a foreign ref on a forced surface ends there, and is not also closed', async () => {
    portal.sandbox.scenarios.set('bind-ref-foreign', { times: 1 });
    const frame = await portal.openBound(portal.forcedPath);
    await hears(portal.page, 'checkoutError');
    await frame.getByRole('heading', { name: 'Checkout could not start' }).waitFor();
    expect((await heardBy(portal.page)).map(({ name }) => name)).not.toContain('checkoutClosed');
  });

  it('that is forced is closed by Cancel, and says so', async () => {
    const frame = await portal.open(portal.forcedPath);
    await frame.getByRole('button', { name: 'Cancel' }).click();
    expect((await hears(portal.page, 'checkoutClosed')).detail).toEqual(portal.ids());
    await frame.getByRole('heading', { name: 'Checkout closed' }).waitFor();
  });

  it('that is pinned goes back to the cards behind it', async () => {
    const frame = await portal.open(`/embed/pro-plan?item=${portal.monthlyId}`);
    await frame.getByRole('button', { name: 'Back to plans' }).click();
    await frame.getByRole('button', { name: 'Choose monthly' }).waitFor();
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded']);
  });

  it('says nothing when loaded, if the assumption says so', async () => {
    portal.sandbox.assumptions.set('pageLoadedOnItem', false);
    const frame = await portal.open(portal.forcedPath);
    await frame.getByRole('button', { name: 'Cancel' }).click();
    await hears(portal.page, 'checkoutClosed');
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['checkoutClosed']);
  });

  it('is unavailable without "Allow in-frame checkout", and inline breaks out', async () => {
    portal.sandbox.settings.set({ inFrameCheckout: false });
    await (await portal.open(portal.forcedPath)).getByRole('heading', { name: 'Plan not found' }).waitFor();
    const frame = await portal.open('/embed/pro-plan?target=inline');
    const opened = portal.page.context().waitForEvent('page');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    await (await opened).getByRole('heading', { name: 'Checkout' }).waitFor();
  });
});

describe('a gated plan', () => {
  it('opens by id with its buyer’s token, without a vanity in its events', async () => {
    const { gated } = portal.sandbox.plans;
    const body = { customerId: portal.sandbox.customers.company.id };
    const resolved = await api(portal.sandbox, '/portal/plans/resolve', { body });
    const token = String(resolved.body['token']);
    const frame = await portal.openBound(`/embed/by-id/${gated.id}?target=inline&token=${token}`);
    await frame.getByRole('button', { name: 'Choose partner seat' }).click();
    expect((await hears(portal.page, 'checkoutInitiated')).detail['vanity']).toBeNull();
    await fillCheckout(frame);
    expect((await hears(portal.page, 'checkoutConfirmed')).detail['status']).toBe('CONFIRMED');
    const forced = await portal.open(
      `/embed/checkout/by-id/${gated.id}/${gated.items.seat.id}?token=${token}`,
    );
    await forced.getByRole('button', { name: 'Cancel' }).click();
    await hears(portal.page, 'checkoutClosed');
  });

  it('is not found with a token of another buyer', async () => {
    const body = { customerId: portal.sandbox.customers.person.id };
    const resolved = await api(portal.sandbox, '/portal/plans/resolve', { body });
    const path = `/embed/by-id/${portal.sandbox.plans.gated.id}?token=${String(resolved.body['token'])}`;
    await (await portal.open(path)).getByRole('heading', { name: 'Plan not found' }).waitFor();
  });
});

describe('breaking out', () => {
  const buyInTab = async (frame: FrameLocator): Promise<Page> => {
    const opened = portal.page.context().waitForEvent('page');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    return opened;
  };

  it('takes a bound buyer to a new tab and back with the id, and leaves no ref in the address', async () => {
    const back = encodeURIComponent(`${portal.host.origin}/thanks?cart=7`);
    const frame = await portal.openBound(`/embed/pro-plan?returnUrl=${back}`);
    const tab = await buyInTab(frame);
    await tab.getByText('Nordlys Design ApS').waitFor();
    expect(tab.url()).not.toContain('bind=');
    await fillCheckout(tab);
    await tab.waitForURL(`${portal.host.origin}/thanks?cart=7&subscriptionId=*`);
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded', 'checkoutInitiated']);
  });

  it('takes an anonymous buyer back with checkout=pending', async () => {
    const back = encodeURIComponent(`${portal.host.origin}/thanks`);
    const tab = await buyInTab(await portal.open(`/embed/pro-plan?target=unheard-of&returnUrl=${back}`));
    await fillCheckout(tab, 'buyer@mail.example');
    await tab.waitForURL(`${portal.host.origin}/thanks?checkout=pending`);
  });

  it('takes the host page along with _top', async () => {
    const frame = await portal.open('/embed/pro-plan?target=_top');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    await portal.page.waitForURL(`${portal.sandbox.portalOrigin}/checkout/**`);
    await portal.page.getByLabel('E-mail address').waitFor();
  });

  it('to OnPay happens without an event, and the payment makes the subscription active', async () => {
    const { payFirst } = portal.sandbox.plans.pro.items;
    const frame = await portal.openBound(`/embed/checkout/pro-plan/${payFirst.id}`);
    await frame.getByText('Nordlys Design ApS').waitFor();
    const opened = portal.page.context().waitForEvent('page');
    await fillCheckout(frame);
    const tab = await opened;
    await tab.getByRole('button', { name: 'Decline the card' }).click();
    await tab.getByText('The card was declined.').waitFor();
    expect(portal.sandbox.subscriptions.list()[0]?.status).toBe('awaiting_payment');
    await tab.getByRole('button', { name: /^Pay DKK/ }).click();
    await tab.getByRole('heading', { name: 'Payment received' }).waitFor();
    expect(portal.sandbox.subscriptions.list()[0]?.status).toBe('active');
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded']);
  });
});
