/** The shop's three tabs, and the console's one click on those that leave the page. */
import { expect, test } from '../fixtures.js';
import { QaConsole } from '../pages/qa-console.js';

test('each vendor has a tab with an address of its own, by keyboard too', async ({ shop: { page } }) => {
  const tabs = page.getByRole('navigation', { name: 'What we sell' });
  const current = tabs.locator('[aria-current="page"]');
  await expect(current).toHaveText(/Plans/);
  const places = (): Promise<readonly number[]> =>
    tabs.getByRole('link').evaluateAll((links) => links.map((link) => link.getBoundingClientRect().x));
  const before = await places();
  await tabs.getByRole('link', { name: /Templates/ }).press('Enter');
  await expect(page).toHaveURL('/?vendor=siglume');
  await expect(current).toHaveText(/Templates/);
  // The bold one takes no room from the others, once the styles have come.
  await expect.poll(places).toEqual(before);
  await tabs.getByRole('link', { name: /For the wall/ }).press('Enter');
  await expect(page).toHaveURL('/?vendor=ledyer');
  await expect(current).toHaveText(/For the wall/);
});

test('the shop speaks the language of its checkouts, on every tab', async ({ shop: { page } }) => {
  for (const [vendor, heading] of [
    ['ledgerbee', 'Vælg din plan'],
    ['siglume', 'Pakken med honorartilbud'],
    ['ledyer', 'Din kurv'],
  ] as const) {
    await page.goto(`/?vendor=${vendor}&lang=da`);
    const shop = page.locator('.shop');
    await expect(shop.getByRole('heading', { name: heading })).toBeVisible();
    await expect(shop.getByRole('contentinfo')).toContainText('opdigtet butik');
    // Of the few words that every text in English has.
    expect((await shop.innerText()).match(/\b(the|your|and|what|with)\b/gi) ?? []).toEqual([]);
  }
});

test('one click of the console goes all the way to a vendor’s page and back', async ({ siglume, ledyer }) => {
  const qa = new QaConsole(siglume.page);
  for (const shop of [siglume, ledyer]) {
    await shop.page.goto(`/?vendor=${shop.vendor}`);
    await qa.press(shop.vendor, 'settled');
    await shop.expectState('settled');
    await qa.expectReached(shop.vendor, 'settled');
  }
});
