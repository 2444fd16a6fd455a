/** Whose word it is, where a page shows more than one plan, or more than one item of a plan. */
import { fixture } from '@open-wc/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff } from './handoff-stub.js';
import { eventually, hushed, isInView, judged, PICK, PORTAL, reach, say } from './support.js';

const here = location.href;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  history.replaceState(null, '', here);
  localStorage.clear();
  vi.restoreAllMocks();
});

it('a return that does not say so is of the plan that was begun last', async () => {
  const url = '/whose-last/checkout';
  await begin('plan-b', url, 'att_b');
  await begin('plan-a', url, 'att_a');
  await begin('plan-b', url, 'att_b');
  history.replaceState(null, '', new URL('?subscriptionId=sub_1', here));
  const [first, second] = await show(offer('plan-a', url), offer('plan-b', url));
  await reach(second, 'confirmed');
  expect(location.search).toBe('');
  await reach(first, 'ready');
});

it('a return of what is not on the page any more is thanked for all the same', async () => {
  const url = '/whose-gone/checkout';
  await begin('plan-gone', url, 'att_gone');
  history.replaceState(null, '', new URL('?subscriptionId=sub_1', here));
  const [first, second] = await show(offer('plan-c', url), offer('plan-d', url));
  await reach(first, 'confirmed');
  expect([location.search, isInView(first)]).toEqual(['', false]);
  await reach(second, 'ready');
});

it('one item that was bought says nothing of another of its plan, nor after a reload', async () => {
  handoff();
  const page = ['item_1', 'item_2'].map((item) => offer('plan-e', '/whose-item/checkout', `item="${item}"`));
  const [one, other] = await show(...page);
  await reach(one, 'checkout');
  say(one, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
  await reach(one, 'confirmed');
  await judged();
  await reach(other, 'checkout');
  one.parentElement?.remove();
  await judged();
  const [again, another] = await show(...page);
  await reach(again, 'confirmed');
  await reach(another, 'checkout');
});

const offer = (plan: string, handoffUrl: string, more = ''): string =>
  `<checkout-embed portal="${PORTAL}" plan="${plan}" target="inline" handoff-url="${handoffUrl}" ${more} timeout="60000"></checkout-embed>`;

async function show(...elements: readonly string[]): Promise<[CheckoutEmbed, CheckoutEmbed]> {
  const page = await fixture<HTMLElement>(`<div>${elements.join('')}</div>`);
  return [...page.children] as [CheckoutEmbed, CheckoutEmbed];
}

/** A checkout that is left for the vendor's page. */
async function begin(plan: string, handoffUrl: string, attemptId: string): Promise<void> {
  vi.restoreAllMocks();
  hushed();
  handoff().attemptId = attemptId;
  const [element] = await show(offer(plan, handoffUrl));
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', { ...PICK, vanity: plan });
  await reach(element, 'checkout');
  await eventually(() => expect(element.attemptId).toBe(attemptId));
  element.remove();
  await judged();
}
