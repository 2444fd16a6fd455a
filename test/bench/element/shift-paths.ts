/** Ways through the element's states, as what happens and which state it must lead to. */
import type { CheckoutState } from '../../../src/core/attempt-states.js';

/** `say`: the portal's frame speaks. `answer`: the backend is of this opinion from now on. `call`: the page does. */
export type Step =
  | { readonly to: CheckoutState }
  | { readonly say: string; readonly payload?: object; readonly to: CheckoutState }
  | { readonly answer: string; readonly to: CheckoutState }
  | { readonly call: 'close' | 'retry' | 'resume' | 'reset'; readonly to: CheckoutState }
  | { readonly offline: boolean; readonly to: CheckoutState };

export interface ShiftPath {
  readonly name: string;
  readonly attributes: string;
  readonly content?: string;
  readonly steps: readonly Step[];
}

const PICK = { planVersionId: 'pv_1', planItemId: 'item_1' } as const;
/** A machine under load must not come into a state that the path does not name. */
const PATIENT = 'slow-after="60000" timeout="60000"';

const bought = (status: string, to: CheckoutState): Step => ({
  say: 'checkoutConfirmed',
  payload: { ...PICK, status },
  to,
});
const initiated = (to: CheckoutState, deferred = false): Step => ({
  say: 'checkoutInitiated',
  payload: { ...PICK, deferred },
  to,
});

export const SHIFT_PATHS: readonly ShiftPath[] = [
  {
    name: 'bought',
    attributes: `plan="pro-plan" target="inline" ${PATIENT}`,
    steps: [
      { to: 'ready' },
      initiated('checkout'),
      bought('PENDING_VERIFICATION', 'pending'),
      bought('CONFIRMED', 'confirmed'),
      { answer: 'fulfilled', to: 'settled' },
    ],
  },
  {
    name: 'went wrong',
    attributes: `plan="pro-plan" target="inline" ${PATIENT}`,
    steps: [
      { to: 'ready' },
      initiated('checkout'),
      { say: 'checkoutError', payload: { ...PICK, reason: 'CONFIRM_FAILED' }, to: 'error' },
      bought('CONFIRMED', 'confirmed'),
      { answer: 'review', to: 'unsettled' },
    ],
  },
  {
    name: 'failed',
    attributes: `plan="pro-plan" target="inline" ${PATIENT}`,
    steps: [
      { to: 'ready' },
      initiated('checkout'),
      bought('CONFIRMED', 'confirmed'),
      { answer: 'failed', to: 'failed' },
    ],
  },
  {
    name: 'closed and opened again',
    attributes: `plan="pro-plan" target="inline" ${PATIENT}`,
    steps: [{ to: 'ready' }, { call: 'close', to: 'closed' }, { call: 'retry', to: 'ready' }],
  },
  {
    name: 'silent portal',
    attributes: 'plan="silent" retries="0" slow-after="200" timeout="600"',
    steps: [{ to: 'slow' }, { to: 'blocked' }],
  },
  {
    name: 'refused by the portal',
    attributes: `plan="refuse" retries="0" ${PATIENT}`,
    steps: [{ to: 'blocked' }],
  },
  {
    name: 'line lost',
    attributes: `plan="hang" ${PATIENT}`,
    steps: [{ to: 'loading' }, { offline: true, to: 'offline' }, { offline: false, to: 'loading' }],
  },
  {
    name: 'in another tab',
    attributes: `plan="pro-plan" target="_blank" ${PATIENT}`,
    steps: [{ to: 'ready' }, initiated('away'), { answer: 'fulfilled', to: 'settled' }],
  },
  {
    name: 'deferred',
    attributes: `plan="pro-plan" target="callback" ${PATIENT}`,
    content: '<p slot="deferred">One more thing.</p>',
    steps: [{ to: 'ready' }, initiated('deferred', true), { call: 'resume', to: 'checkout' }],
  },
];
