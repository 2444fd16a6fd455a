/** What the console's buttons do. Each starts from a fresh order, so that no scenario inherits another's end. */
import type { ScenarioName } from 'checkout-embed/testing';
import { SETTINGS, type SettingName } from '../settings.js';
import { findWay } from './board.js';
import { keepFocus } from './focus-return.js';
import { SCENARIO_CARDS } from './scenarios.js';
import type { BuyerWish, WayId } from './way.js';

/** The demo buyer whom LedgerBee knows. */
const BOUND_BUYER = 'ida';

/** What a way leaves as the person has set it. */
const KEPT_SETTINGS = ['lang', 'dir', 'scheme', 'assume'] as const;

/** Goes the way: a new order under its conditions, on the page that it needs. */
export async function goWay(id: WayId): Promise<void> {
  const way = findWay(id)?.way;
  if (way === undefined) return;
  await post('start', {
    scenarios: way.scenarios ?? [],
    fate: way.fate ?? null,
    ...buyerOf(way.buyer ?? 'bound'),
  });
  const query = new URLSearchParams();
  const current = new URLSearchParams(location.search);
  for (const name of KEPT_SETTINGS) for (const value of current.getAll(name)) query.append(name, value);
  for (const [name, value] of Object.entries(way.page ?? {})) query.set(name, value);
  query.set('way', id);
  keepFocus(id);
  location.assign(`/?${query.toString()}`);
}

/** Starts the page anew under the scenario, as the buyer that it needs. */
export async function startScenario(name: ScenarioName): Promise<void> {
  const { buyer, times } = SCENARIO_CARDS[name];
  await startHere([{ name, ...(times === undefined ? {} : { times }) }], buyer);
}

export const startOrder = (buyer: BuyerWish): Promise<void> => startHere([], buyer);

/** On the page as it is set now. */
async function startHere(
  scenarios: readonly { readonly name: ScenarioName; readonly times?: number }[],
  buyer: BuyerWish,
): Promise<void> {
  const query = new URLSearchParams(location.search);
  await post('start', { scenarios, plan: query.get('plan'), ...buyerOf(buyer) });
  query.delete('way');
  location.assign(`/?${query.toString()}`);
}

export async function reset(): Promise<void> {
  await post('reset', {});
  localStorage.clear();
  sessionStorage.clear();
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

/** The page as the form says, by an address that shows the same to everybody. */
export function showSettings(form: FormData): void {
  const query = new URLSearchParams();
  for (const [name, value] of form) {
    const text = typeof value === 'string' ? value : '';
    // What is as it would be anyway only makes the address longer.
    if (name === 'assume' ? text !== '' : text !== SETTINGS[name as SettingName][0]) query.append(name, text);
  }
  location.assign(`/?${query.toString()}`);
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
