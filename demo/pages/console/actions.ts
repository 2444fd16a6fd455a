/** What the console's buttons do. Each starts from a fresh order, so that no scenario inherits another's end. */
import type { AskedAbout } from '../../shop/reconcile-now.js';
import { SETTINGS, settingsQuery, type SettingName, type ShopVendor } from '../settings.js';
import { findWay } from './board.js';
import { keepPress } from './press.js';
import { inWords } from './reconciled.js';
import { CARDS } from './scenarios-view.js';
import type { BuyerWish, Destination, Switched, WayId } from './way.js';

/** The demo buyer whom LedgerBee knows. */
const BOUND_BUYER = 'ida';

/** What a way leaves as the person has set it. */
const KEPT_SETTINGS = ['lang', 'dir', 'scheme', 'assume'] as const;

/** Goes the way: a new order under its conditions, on the page that it needs. */
export async function goWay(id: WayId): Promise<void> {
  const way = findWay(id)?.way;
  if (way !== undefined) await go(way, id);
}

/** Starts the page anew under the scenario, as the buyer that it needs. */
export async function startScenario(vendor: ShopVendor, name: string): Promise<void> {
  const card = CARDS[vendor][name];
  if (card === undefined) return;
  const { buyer, times, and = [], page, presses } = card;
  const scenarios = [{ name, ...(times === undefined ? {} : { times }) } as Switched, ...and];
  // LedgerBee's are seen on the page as it is set now; the others have a journey of their own.
  if (vendor === 'ledgerbee' && onTab() === vendor) await startHere(scenarios, buyer ?? 'bound');
  else await go({ vendor, scenarios, ...only({ buyer, page, presses }) });
}

export const startOrder = (buyer: BuyerWish): Promise<void> => startHere([], buyer);

/** Something that the vendor or its buyer does to the order that is looked at. @returns what was done, in words. */
export async function act(vendor: ShopVendor, name: string, order: string, label: string): Promise<string> {
  await post('act', { vendor, act: name, order });
  return `Done: ${label}.`;
}

async function go(to: Destination, way?: WayId): Promise<void> {
  const { vendor = 'ledgerbee', page = {}, scenarios = [], fate = null, buyer = 'bound', presses } = to;
  await post('start', { vendor, scenarios, fate, ...page, ...buyerOf(buyer) });
  const query = new URLSearchParams();
  const current = new URLSearchParams(location.search);
  for (const name of KEPT_SETTINGS) for (const value of current.getAll(name)) query.append(name, value);
  for (const [name, value] of new URLSearchParams(settingsQuery({ ...page, vendor }))) query.set(name, value);
  if (way !== undefined) query.set('way', way);
  if (presses === true) keepPress();
  location.assign(`/?${query.toString()}`);
}

/** On the page as it is set now. */
async function startHere(scenarios: readonly Switched[], buyer: BuyerWish): Promise<void> {
  const query = new URLSearchParams(location.search);
  await post('start', {
    vendor: onTab(),
    scenarios,
    plan: query.get('plan'),
    price: query.get('price'),
    ...buyerOf(buyer),
  });
  for (const name of ['vendor', 'way', 'order', 'notice']) query.delete(name);
  location.assign(`${tabAddress()}${query.toString()}`);
}

/** Of the tab that this page belongs to, open for more of a query. */
function tabAddress(): string {
  const query = settingsQuery({ vendor: onTab() });
  return query === '' ? '/?' : `/?${query}&`;
}

function onTab(): ShopVendor {
  const tab = document.querySelector<HTMLElement>('#qa-console')?.dataset['vendor'];
  return SETTINGS.vendor.find((vendor) => vendor === tab) ?? 'ledgerbee';
}

/** Without what is not there. */
function only<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof Fields]?: NonNullable<Fields[Name]> };
}

export async function reset(): Promise<void> {
  await post('reset', { vendor: onTab() });
  localStorage.clear();
  sessionStorage.clear();
  location.assign(tabAddress());
}

/** Every scenario, for every visitor: the sandboxes have one set of switches. @returns what was done, in words. */
export async function switchOff(titles: readonly string[]): Promise<string> {
  await post('switch-off', {});
  return `Switched off: ${titles.join(', ')}.`;
}

/** @returns what was asked and what came of it, in words. */
export async function reconcile(order: string): Promise<string> {
  const { asked } = (await post('reconcile', { order })) as { readonly asked: readonly AskedAbout[] };
  return inWords(asked);
}

/** Says on the page's own window that the checkout was confirmed, as any script on the page could. */
export function forgeConfirmation(): Promise<string> {
  const frame = document.querySelector('checkout-embed iframe');
  window.dispatchEvent(
    new CustomEvent('ledgerbee:embed:checkoutConfirmed', {
      detail: { frame, planVersionId: 'forged', planItemId: 'forged', status: 'CONFIRMED' },
    }),
  );
  return Promise.resolve('Said on the page: checkoutConfirmed, of a plan that nobody sells.');
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

async function post(call: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`/_demo/${call}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.ok) return answer.json();
  const { message } = (await answer.json().catch(() => ({}))) as { readonly message?: string };
  throw new Error(message ?? `The demo answered ${answer.status} to ${call}.`);
}
