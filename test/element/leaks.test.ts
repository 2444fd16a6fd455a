/** What an element takes hold of while it lives, it lets go of when it goes: counted over 200 lives. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed, CheckoutState, StatusAnswer } from 'checkout-embed';
import { handoff } from './handoff-stub.js';
import { holdings, openLedger, type Holdings } from './page-ledger.js';
import { eventually, hushed, judged, PICK, PORTAL, reach, say } from './support.js';

/** Fewer where a frame takes a second: what is counted is what we hold, and no browser holds it for us. */
const LIVES = server.browser === 'chromium' ? 200 : 20;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;

type Life = (element: CheckoutEmbed, round: number) => Promise<void>;

/** What a buyer gets to before the element goes. */
const LIVES_OF: Readonly<Record<string, { attributes?: string; content?: string; life: Life }>> = {
  'not begun': { life: () => Promise.resolve() },
  loading: { attributes: 'plan="hang"', life: (element) => reach(element, 'loading') },
  slow: { attributes: 'plan="silent" slow-after="1"', life: (element) => reach(element, 'slow') },
  blocked: {
    attributes: 'plan="silent" slow-after="1" timeout="20" retries="0"',
    // At the deadline of the first round embed.js may not have come, which would be to blame.
    life: (element, round) => reach(element, round === 0 ? 'slow' : 'blocked'),
  },
  'far away': { attributes: 'loading="lazy" style="position:absolute;top:99999px"', life: judged },
  away: {
    attributes: 'target="_blank"',
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutInitiated', PICKED);
      await reach(element, 'away');
      await eventually(() => expect(element.attemptId).not.toBeNull());
    },
  },
  confirmed: {
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
      await reach(element, 'confirmed');
    },
  },
  pending: {
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
      await reach(element, 'pending');
    },
  },
  'moved and changed': {
    life: async (element) => {
      await reach(element, 'ready');
      element.parentElement?.append(element);
      element.plan = 'team-plan';
      await reach(element, 'loading');
      await reach(element, 'ready');
      element.reset();
      element.close();
    },
  },
  checkout: {
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutInitiated', PICKED);
      await reach(element, 'checkout');
      await eventually(() => expect(element.attemptId).not.toBeNull());
    },
  },
  deferred: {
    attributes: 'target="callback"',
    life: async (element) => {
      // The page's own step never ends.
      element.addEventListener('checkout-initiated', (event) =>
        event.waitUntil(new Promise(() => undefined)),
      );
      await reach(element, 'ready');
      say(element, 'checkoutInitiated', { ...PICKED, deferred: true });
      await reach(element, 'deferred');
    },
  },
  error: {
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
      await reach(element, 'error');
    },
  },
  closed: {
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutClosed', PICK);
      await reach(element, 'closed');
    },
  },
  settled: { life: (element) => judgedAs(element, 'settled', 'fulfilled') },
  unsettled: { life: (element) => judgedAs(element, 'unsettled', 'review') },
  failed: { life: (element) => judgedAs(element, 'failed', 'failed') },
  'wrong attribute': { attributes: 'plan="pro/plan"', life: (element) => reach(element, 'blocked') },
  'a slot filled by a template': {
    content: '<template slot="confirmed"><p>Thanks</p></template>',
    life: async (element) => {
      await reach(element, 'ready');
      say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
      await reach(element, 'confirmed');
      expect(element.querySelector('p')?.checkVisibility()).toBe(true);
    },
  },
  'opened again': {
    life: async (element) => {
      await reach(element, 'ready');
      element.close();
      element.retry();
      await reach(element, 'ready');
    },
  },
  pasted: {
    content: `<iframe src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`,
    life: (element) => reach(element, 'ready'),
  },
};

beforeAll(openLedger);
beforeEach(hushed);

it(`${LIVES} lives leave no listener, timer, observer, channel or frame behind`, async () => {
  handoff();
  const before = holdings();
  await live(0);
  const atStart = await eventually(() => {
    const now = holdings();
    // Once for a page: the portal's script, which listens to messages and looks for frames, and our ear at it.
    expect(grown(before, now)).toEqual({ error: 1, load: 1, message: 1 });
    expect(now).toMatchObject({ timers: 0, observers: before.observers + 1, channels: 0, frames: 0 });
    return now;
  }, 20_000);
  const rounds = LIVES / Object.keys(LIVES_OF).length;
  const peaks: number[] = [];
  for (let round = 1; round <= rounds; round += 1) peaks.push(await live(round));
  await eventually(() => expect(holdings()).toEqual(atStart), 20_000);
  // The books were kept: each life took hold of something.
  expect(Math.min(...peaks)).toBeGreaterThan(sum(atStart) + Object.keys(LIVES_OF).length);
}, 120_000);

/** One life of each kind, all at once. @returns what the page held in the middle of them. */
async function live(round: number): Promise<number> {
  const lives = Object.values(LIVES_OF).map(({ attributes = '', content = '', life }, index) => {
    const place = document.createElement('div');
    const plan = attributes.includes('plan=') ? '' : 'plan="pro-plan"';
    const target = attributes.includes('target=') ? '' : 'target="inline"';
    const times = attributes.includes('slow-after=') ? '' : 'slow-after="60000" timeout="60000"';
    place.innerHTML = `<checkout-embed portal="${PORTAL}" ${plan} ${target} ${times}
      handoff-url="/checkout" order="ord_${round}_${index}" ${attributes}>${content}</checkout-embed>`;
    document.body.append(place);
    return { place, done: life(place.firstElementChild as CheckoutEmbed, round) };
  });
  await Promise.all(lives.map(({ done }) => done));
  const held = sum(holdings());
  for (const { place } of lives) place.remove();
  await judged();
  return held;
}

/** The backend's verdict, by the page's own function. */
async function judgedAs(
  element: CheckoutEmbed,
  state: CheckoutState,
  status: StatusAnswer['status'],
): Promise<void> {
  element.getStatus = () => Promise.resolve({ status });
  await reach(element, 'ready');
  say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
  await reach(element, state);
}

/** Listeners that have come, by type. */
function grown(before: Holdings, after: Holdings): Record<string, number> {
  const counts = Object.entries(after.listeners).map(
    ([type, count]) => [type, count - (before.listeners[type] ?? 0)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}

function sum({ listeners, ...rest }: Holdings): number {
  return [...Object.values(listeners), ...Object.values(rest)].reduce((total, count) => total + count, 0);
}
