/** Where a settled buyer is sent: on, and not round in circles. */
import { expect, it } from 'vitest';
import { followRedirect } from '../../src/element/follow-redirect.js';

const SHOP = 'https://shop.example/plans';
const THANKS = 'https://shop.example/thanks?order=1';

function page(href: string) {
  const went: string[] = [];
  return { href, went, assign: (url: string | URL) => void went.push(String(url)) };
}

it('goes once for each purchase: whoever comes back is not sent on again', () => {
  const shop = page(SHOP);
  for (const attempt of ['att_1', 'att_1', 'att_2']) followRedirect(THANKS, attempt, shop);
  expect(shop.went).toEqual([THANKS, THANKS]);
});

it('goes every time where the purchase has no name', () => {
  const shop = page(SHOP);
  followRedirect(THANKS, null, shop);
  followRedirect(THANKS, null, shop);
  expect(shop.went).toHaveLength(2);
});

it('goes to another page of a router that has them in the fragment', () => {
  const shop = page(`${SHOP}#/checkout`);
  followRedirect(`${SHOP}#/thanks`, 'att_4', shop);
  expect(shop.went).toEqual([`${SHOP}#/thanks`]);
  const thanks = page(`${SHOP}#/thanks`);
  followRedirect(`${SHOP}#/thanks`, null, thanks);
  expect(thanks.went).toEqual([]);
});

it.each([THANKS, `${THANKS}#top`])('never goes where the buyer is already: %s', (href) => {
  const thanks = page(href);
  followRedirect(THANKS, 'att_3', thanks);
  followRedirect(THANKS, null, thanks);
  expect(thanks.went).toEqual([]);
});
