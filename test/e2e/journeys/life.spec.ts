/** Reload, back and forward in each state in which money may have moved: none of them offers to pay again. */
import type { OrderStatus } from 'checkout-embed/element';
import { expect, test } from '../fixtures.js';
import { PortalCheckout } from '../pages/portal-frame.js';
import type { ShopPage } from '../pages/shop-page.js';

interface MoneyState {
  readonly state: RegExp;
  /** Words of the backend once the buyer has confirmed; `null`: its own. */
  readonly answer: OrderStatus | null;
  readonly anonymous?: boolean;
}

const MONEY_STATES: Readonly<Record<string, MoneyState>> = {
  pending: { state: /^pending$/, answer: null, anonymous: true },
  confirmed: { state: /^confirmed$/, answer: 'processing' },
  settled: { state: /^settled$/, answer: null },
  unsettled: { state: /^unsettled$/, answer: 'review' },
};

for (const [name, { state, answer, anonymous = false }] of Object.entries(MONEY_STATES)) {
  test(`a reload, back and forward leave a ${name} order as it was`, async ({ shop }) => {
    // Five loads of the shop.
    test.slow();
    const order = await shop.start({ buyer: anonymous ? null : 'ida' });
    // A status is also asked for while the buyer checks out: a word that ends the checkout may only come after it.
    if (answer !== null) await shop.answerStatus('open');
    const portal = new PortalCheckout(shop.frame);
    await portal.choose();
    await portal.confirm(anonymous ? `${order.toLowerCase()}@buyer.example` : undefined);
    if (answer !== null) {
      await shop.expectState('confirmed');
      await shop.answerStatus(answer);
    }
    await shop.expectState(state);

    await shop.page.reload();
    await expectNoOffer(shop, state);
    await shop.page.goto('/assets/mark.svg');
    await shop.page.goBack();
    await expectNoOffer(shop, state);
    await shop.page.goForward();
    await shop.page.goBack();
    await expectNoOffer(shop, state);
  });
}

test('an order that the backend calls failed may be bought after a reload', async ({ shop }) => {
  await shop.start({ buyer: 'ida' });
  // As above.
  await shop.answerStatus('open');
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
  await shop.expectState('confirmed');
  await shop.answerStatus('failed');
  await shop.expectState('failed');
  await shop.page.reload();
  await shop.expectState('ready');
  await expect(portal.cards).toBeVisible();
});

async function expectNoOffer(shop: ShopPage, state: RegExp): Promise<void> {
  await shop.expectState(state);
  await expect(shop.embed.locator('iframe:visible')).toHaveCount(0);
  // A link that went to a wrong address may be asked for again; nothing else.
  const offers = shop.embed.getByRole('button').filter({ hasNotText: 'another e-mail address' });
  await expect(offers).toHaveCount(0);
}
