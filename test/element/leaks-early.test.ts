/** Elements that are gone before their second file has come: nothing of them waits for it. */
import { expect, inject, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed } from 'checkout-embed';
import 'checkout-embed';
import { eventually } from './eventually.js';
import { handoff } from './handoff-stub.js';
import { ownStorage } from './own-storage.js';
import { holdings, openLedger, type Holdings } from './page-ledger.js';

const PORTAL = inject('portalOrigin');
/** Fewer where a frame takes a second: what is counted is what we hold, and no browser holds it for us. */
const ROUNDS = server.browser === 'chromium' ? 5 : 2;

/** The second file comes when the test lets it come. */
const gate = vi.hoisted(() => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
});
vi.mock('../../src/element/rest.js', async (original) => {
  await gate.opened;
  return original();
});

const TAGS = [
  '<checkout-embed plan="pro-plan">',
  '<checkout-embed plan="pro-plan" handoff-url="/checkout" order="ord_1">',
  '<checkout-embed plan="pro-plan" loading="lazy" style="position: absolute; top: 99999px">',
  '<checkout-embed>',
  '<checkout-embed><iframe></iframe>',
  `<checkout-embed><iframe src="${PORTAL}/embed/pro-plan"></iframe>`,
];

it('leave no listener, timer, observer or frame behind, and no hold on the page’s bind tokens', async () => {
  handoff();
  vi.stubGlobal('localStorage', ownStorage());
  const own = vi.fn(() => Promise.resolve('own'));
  const vendor = { fetchBindToken: own as (ask: object) => Promise<string> };
  Object.assign(window, { LedgerBeeEmbed: vendor });
  openLedger();
  const spoken = heard(window, 'ledgerbee:embed:pageLoaded');
  await live(spoken);
  // Once for a page: the portal's script, and what listens until somebody has ears.
  const atStart = { ...holdings(), timers: 0 };
  for (let round = 0; round < ROUNDS; round += 1) await live();
  // They wait for the file, each for a while.
  expect(holdings().timers).toBeGreaterThan(ROUNDS);
  const answer = vendor.fetchBindToken({ frame: null });
  gate.open();
  await eventually(() => expect(holdings()).toEqual(atStart), 30_000);
  expect(await answer).toBe('own');

  // And the next one finds the page as the first did.
  const place = put('<checkout-embed plan="pro-plan" handoff-url="/checkout" order="ord_2">');
  await heard(place, 'checkout-ready');
  expect(vendor.fetchBindToken).not.toBe(own);
  place.remove();
  await eventually(() => expect(vendor.fetchBindToken).toBe(own));
  await eventually(() => expect(holdings()).toMatchObject({ timers: 0, channels: 0, frames: 0 }));
  expect(grown(atStart, holdings())).toEqual([]);
}, 60_000);

/** One life of each kind, all at once, the second of which is set to another plan on its way. */
async function live(until: Promise<unknown> = Promise.resolve()): Promise<void> {
  const places = TAGS.map(put);
  const elements = places.map((place) => place.firstElementChild as CheckoutEmbed);
  await Promise.all(elements.map(({ updateComplete }) => updateComplete));
  elements[1]!.plan = 'team-plan';
  await elements[1]!.updateComplete;
  await until;
  for (const place of places) place.remove();
  await Promise.all(elements.map(({ outcome }) => outcome));
}

function put(tag: string): HTMLElement {
  const place = document.createElement('div');
  const attributes = `portal="${PORTAL}" target="inline" slow-after="60000" timeout="60000"`;
  place.innerHTML = `${tag.replace('<checkout-embed', `<checkout-embed ${attributes}`)}</checkout-embed>`;
  document.body.append(place);
  return place;
}

function heard(target: EventTarget, type: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

/** Types of listeners of which there are more than before. */
function grown(before: Holdings, after: Holdings): readonly string[] {
  return Object.keys(after.listeners).filter(
    (type) => (after.listeners[type] ?? 0) > (before.listeners[type] ?? 0),
  );
}
