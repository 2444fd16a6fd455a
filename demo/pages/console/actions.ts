/** What the console's buttons do. Each starts from a fresh order, so that no scenario inherits another's end. */
import type { ScenarioName } from 'checkout-embed/testing';
import { SCENARIO_CARDS, type BuyerWish } from './scenarios.js';

/** The demo buyer whom LedgerBee knows. */
const BOUND_BUYER = 'ida';

/** Starts the page anew under the scenario, as the buyer that it needs. */
export async function startScenario(name: ScenarioName): Promise<void> {
  const { buyer, times } = SCENARIO_CARDS[name];
  await post('start', { scenario: name, times, ...buyerOf(buyer) });
  location.reload();
}

export async function startOrder(buyer: BuyerWish): Promise<void> {
  await post('start', { scenario: null, ...buyerOf(buyer) });
  location.reload();
}

export async function reset(): Promise<void> {
  await post('reset', {});
  localStorage.clear();
  location.assign('/');
}

export const reconcile = (): Promise<void> => post('reconcile', {});
export const redeliver = (): Promise<void> => post('redeliver', {});

/** Says on the page's own window that the checkout was confirmed, as any script on the page could. */
export function forgeConfirmation(): void {
  const frame = document.querySelector('checkout-embed iframe');
  window.dispatchEvent(
    new CustomEvent('ledgerbee:embed:checkoutConfirmed', {
      detail: { frame, planVersionId: 'forged', planItemId: 'forged', status: 'CONFIRMED' },
    }),
  );
}

/** The same page with one setting changed. */
export function withSetting(name: string, value: string): string {
  const query = new URLSearchParams(location.search);
  query.set(name, value);
  return `/?${query.toString()}`;
}

function buyerOf(wish: BuyerWish): { buyer?: string | null } {
  switch (wish) {
    case 'bound':
      return { buyer: BOUND_BUYER };
    case 'anonymous':
      return { buyer: null };
    case 'either':
      return {};
  }
}

async function post(call: string, body: unknown): Promise<void> {
  const answer = await fetch(`/_demo/${call}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The demo answered ${answer.status} to ${call}.`);
}
