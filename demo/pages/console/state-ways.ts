/** One click to each state. */
import type { CheckoutState } from 'checkout-embed/element';
import { PRETENDED_LINE } from './cut-line.js';
import type { Way } from './way.js';

const CONFIRMS = { name: 'buyer-confirms' } as const;

/** Complete by its type, in the order of a purchase. */
export const STATE_WAYS: Readonly<Record<CheckoutState, Way>> = {
  idle: {
    did: 'The checkout is lazy and far below what can be seen: nothing is loaded yet.',
    page: { place: 'far' },
  },
  loading: {
    did: 'The frame loads and never speaks, and the deadlines are an hour away.',
    scenarios: [{ name: 'silent-portal' }],
    page: { patience: 'loading' },
  },
  slow: {
    did: 'The frame loads and never speaks; “slow” comes after 0.4 s, the deadline in an hour.',
    scenarios: [{ name: 'silent-portal' }],
    page: { patience: 'slow' },
  },
  offline: {
    did: 'The frame loads and never speaks, and the browser seems to lose its line meanwhile.',
    scenarios: [{ name: 'silent-portal' }],
    page: { patience: 'loading', line: 'cut' },
    pretends: PRETENDED_LINE,
  },
  blocked: {
    did: 'The portal’s frame-ancestors leaves this page out, so the browser refuses the frame.',
    scenarios: [{ name: 'origin-not-allowlisted' }],
  },
  ready: { did: 'The portal answers as it should.' },
  checkout: {
    did: 'A robot in the portal’s page presses the first card.',
    scenarios: [{ name: 'buyer-chooses' }],
  },
  deferred: {
    did: 'target="callback": the robot chooses, and the shop asks a question of its own first.',
    scenarios: [{ name: 'buyer-chooses', times: 1 }],
    page: { target: 'callback', step: 'own' },
  },
  away: {
    did: 'target="_blank": the robot chooses. Browsers open a tab for people only, so the frame offers its link.',
    scenarios: [{ name: 'buyer-chooses', times: 1 }],
    page: { target: '_blank' },
  },
  pending: {
    did: 'Nobody is logged in; the robot gives an address and confirms. The link waits in the sandbox inbox.',
    buyer: 'anonymous',
    scenarios: [CONFIRMS],
  },
  confirmed: {
    did: 'The robot confirms, and the shop’s own grant fails: the order stays under way.',
    scenarios: [CONFIRMS],
    fate: 'grant-fails',
  },
  settled: {
    did: 'The robot confirms; the webhook comes, the grant is written, the backend says so.',
    scenarios: [CONFIRMS],
  },
  unsettled: {
    did: 'The robot confirms, but the order was for another plan: the kit opens a review.',
    scenarios: [CONFIRMS],
    fate: 'other-plan',
  },
  failed: {
    did: 'The robot confirms, and sales cancel the subscription before anything was granted.',
    scenarios: [CONFIRMS],
    fate: 'cancelled',
  },
  error: {
    did: 'The robot confirms, and the portal answers with CONFIRM_FAILED.',
    scenarios: [
      { name: 'confirm-fails', times: 1 },
      { ...CONFIRMS, times: 1 },
    ],
  },
  closed: {
    did: 'One item’s checkout alone; the robot cancels it.',
    scenarios: [{ name: 'buyer-leaves', times: 1 }],
    page: { surface: 'forced' },
  },
};
