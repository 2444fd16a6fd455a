/** How an element comes into each of its states, for the tests that look at all of them. */
import { vi } from 'vitest';
import type { CheckoutEmbed, CheckoutState, StatusAnswer } from 'checkout-embed';
import { eventually, mount, part, PATIENT, PICK, PORTAL, reach, say } from './support.js';

const SILENT = `portal="${PORTAL}" plan="silent"`;
const CARDS = `portal="${PORTAL}" plan="pro-plan" target="inline"`;
const CONFIRMED = ['checkoutConfirmed', { ...PICK, status: 'CONFIRMED' }] as const;
const INITIATED = { ...PICK, vanity: 'pro-plan' } as const;

// Here before any scene: a deadline that finds it still on its way would blame it, and uncover the frame.
await new Promise<unknown>((resolve, reject) => {
  const script = document.createElement('script');
  script.src = `${PORTAL}/embed.js`;
  script.addEventListener('load', resolve);
  script.addEventListener('error', reject);
  document.head.append(script);
});

export interface Scene {
  readonly attributes: string;
  readonly says?: readonly [name: string, payload: object];
  /** The backend's, from the beginning. */
  readonly answer?: Omit<StatusAnswer, 'v'>;
  /** The page has a step of its own, which takes long. */
  readonly waits?: true;
  readonly offline?: true;
  /** The page closes the checkout after its failure. */
  readonly closes?: true;
  /** The page was opened with it. */
  readonly query?: string;
  /** The part of the view that comes last. */
  readonly until?: string;
}

/** Complete by its type. */
export const SCENES: Readonly<Record<CheckoutState, Scene>> = {
  idle: { attributes: `${CARDS} loading="lazy" style="margin-block-start: 9000px"` },
  loading: { attributes: `${SILENT} ${PATIENT}` },
  slow: { attributes: `${SILENT} slow-after="10" timeout="60000"` },
  blocked: { attributes: `${SILENT} slow-after="10" timeout="50" retries="0"` },
  ready: { attributes: CARDS },
  checkout: { attributes: CARDS, says: ['checkoutInitiated', INITIATED] },
  deferred: {
    attributes: CARDS.replace('inline', 'callback'),
    says: ['checkoutInitiated', { ...INITIATED, deferred: true }],
    waits: true,
  },
  away: { attributes: CARDS.replace('inline', '_blank'), says: ['checkoutInitiated', INITIATED] },
  pending: { attributes: CARDS, says: ['checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' }] },
  error: { attributes: CARDS, says: ['checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' }] },
  closed: { attributes: CARDS, says: ['checkoutClosed', PICK] },
  offline: { attributes: `${SILENT} ${PATIENT}`, offline: true },
  confirmed: { attributes: CARDS, says: CONFIRMED, answer: { status: 'processing' } },
  settled: { attributes: CARDS, says: CONFIRMED, answer: { status: 'fulfilled' } },
  unsettled: { attributes: CARDS, says: CONFIRMED, answer: { status: 'review' } },
  failed: { attributes: CARDS, says: CONFIRMED, answer: { status: 'failed' } },
};
export const STATES = Object.entries(SCENES) as [CheckoutState, Scene][];

const CONFIRM_FAILED = ['checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' }] as const;

/** Where a state has more than one face: what else it may look like. */
export const OTHER_FACES: readonly (readonly [state: CheckoutState, when: string, scene: Scene])[] = [
  [
    'slow',
    'beside a frame that may be working',
    {
      attributes: `${SILENT} item="item_1" forced slow-after="10" timeout="50" retries="0"`,
      until: 'button',
    },
  ],
  ['blocked', 'without an address', { attributes: `portal="${PORTAL}" plan="pro/plan"` }],
  ['pending', 'on the way back', { attributes: CARDS, query: '?checkout=pending' }],
  ['confirmed', 'without a backend', { attributes: CARDS, says: CONFIRMED }],
  [
    'error',
    'while the backend is asked',
    { attributes: CARDS, says: CONFIRM_FAILED, answer: { status: 'open' } },
  ],
  [
    'closed',
    'while another try is in doubt',
    { attributes: CARDS, says: CONFIRM_FAILED, answer: { status: 'open' }, closes: true },
  ],
  [
    'failed',
    'with another try',
    { attributes: CARDS, says: CONFIRM_FAILED, answer: { status: 'failed', retry: true } },
  ],
];

/** All faces of all states. */
export const FACES = [
  ...STATES.map(([state, scene]) => [state, 'as it comes', scene] as const),
  ...OTHER_FACES,
] as const;

/** The scene's element before anything happens to it. */
export function open({ attributes, query }: Scene): Promise<CheckoutEmbed> {
  if (query !== undefined) history.replaceState(null, '', query);
  return mount(attributes);
}

/** Resolves when the element is in `state`, as the scene has it. `vi.restoreAllMocks()` brings the line back. */
export async function play(
  state: CheckoutState,
  scene: Scene,
  given?: CheckoutEmbed,
): Promise<CheckoutEmbed> {
  const { answer, until } = scene;
  const element = given ?? (await open(scene));
  if (answer !== undefined) element.getStatus = () => Promise.resolve(answer);
  if (scene.waits === true)
    element.addEventListener('checkout-initiated', (event) => event.waitUntil(new Promise(() => undefined)));
  if (scene.offline === true) {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
  }
  if (scene.says !== undefined) {
    await reach(element, 'ready');
    say(element, ...scene.says);
  }
  if (scene.closes === true) {
    await reach(element, 'error');
    element.close();
  }
  await reach(element, state);
  if (until !== undefined) await eventually(() => part(element, until) ?? Promise.reject(new Error(until)));
  return element;
}
