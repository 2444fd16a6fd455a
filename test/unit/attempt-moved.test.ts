/** A frame that the page puts elsewhere: the browser has loaded it anew, and what it showed is gone. */
import { describe, expect, it } from 'vitest';
import { reduce } from '../../src/core/attempt-machine.js';
import {
  frameVisibility,
  INITIAL_SNAPSHOT,
  offersRetry,
  type AttemptInput,
  type CheckoutState,
  type Snapshot,
} from '../../src/core/attempt-states.js';

const PICK = { planVersionId: 'pv_1', planItemId: 'item_1' } as const;
const LOAD = {
  type: 'load',
  options: { surface: 'cards', target: 'inline', heardFromStart: false, hasBackend: true, retries: 1 },
} as const satisfies AttemptInput;
const LOAD_AWAY: AttemptInput = { type: 'load', options: { ...LOAD.options, target: '_blank' } };
const LOAD_ALONE: AttemptInput = { type: 'load', options: { ...LOAD.options, hasBackend: false } };
const PAGE: AttemptInput = { type: 'vendor', event: { name: 'pageLoaded' } };
const MOVED: AttemptInput = { type: 'moved' };
const LOST: AttemptInput = { type: 'lost' };

describe('a moved frame', () => {
  it.each<[string, readonly AttemptInput[]]>([
    ['loading', [LOAD]],
    ['slow', [LOAD, { type: 'slow-elapsed', mount: 1 }]],
    ['ready', [LOAD, PAGE]],
    ['checkout', [LOAD, PAGE, initiated(false)]],
    ['an error before any session', [LOAD, PAGE, failed('SESSION_MINT_FAILED')]],
  ])('of %s is awaited from its start, in the same attempt', (_, inputs) => {
    const before = after(inputs);
    const { snapshot, effects } = reduce(before, MOVED);

    expect(snapshot).toMatchObject({ state: 'loading', mount: before.mount + 1, begun: before.begun });
    expect(snapshot.options?.heardFromStart).toBe(true);
    expect(effects).toEqual([
      { type: 'load-frame', mount: snapshot.mount, forced: false },
      // The word of a payment may have gone with the frame.
      ...(before.begun ? [{ type: 'check-status' }] : []),
    ]);
  });

  it('of a resumed checkout goes to the picked item again', () => {
    const before = after([LOAD, PAGE, initiated(true), { type: 'resume' }, PAGE]);
    expect(reduce(before, MOVED).effects).toContainEqual(
      expect.objectContaining({ type: 'load-frame', forced: true }),
    );
  });

  it.each<[CheckoutState, readonly AttemptInput[]]>([
    ['pending', [confirmed('PENDING_VERIFICATION')]],
    ['confirmed', [confirmed('CONFIRMED')]],
    ['unsettled', [confirmed('CONFIRMED'), { type: 'given-up' }]],
    ['error', [failed('CONFIRM_FAILED')]],
    ['away', [initiated(false)]],
  ])('of %s has nothing to show for it, and its cards are not shown', (state, inputs) => {
    const moved = after([state === 'away' ? LOAD_AWAY : LOAD, PAGE, ...inputs, MOVED]);

    expect(moved.state).toBe(state);
    expect(frameVisibility(moved)).toBe('gone');
    expect(after([PAGE], moved)).toMatchObject({ state, returned: true });
  });

  it('of an error that the vendor has nothing of is shown again by another try', () => {
    const asked = after([
      LOAD,
      PAGE,
      failed('CONFIRM_FAILED'),
      MOVED,
      { type: 'status', answer: { v: 1, status: 'open', retry: true } },
    ]);
    expect(offersRetry(asked)).toBe(true);

    expect(frameVisibility(after([{ type: 'retry' }, PAGE], asked))).toBe('shown');
  });

  it('of a checkout in another tab is loaded anew by who goes on here', () => {
    const moved = after([LOAD_AWAY, PAGE, initiated(false), MOVED]);
    const asked = after([{ type: 'status', answer: { v: 1, status: 'open', retry: true } }], moved);
    const { snapshot, effects } = reduce(asked, { type: 'retry' });

    expect(snapshot).toMatchObject({ state: 'loading', returned: false });
    expect(effects).toMatchObject([
      { type: 'load-frame', forced: false },
      { type: 'announce', name: 'retry' },
    ]);
  });

  it.each<[CheckoutState, readonly AttemptInput[]]>([
    ['idle', []],
    ['offline', [LOAD, { type: 'offline' }]],
    ['deferred', [LOAD, PAGE, initiated(true)]],
    ['closed', [LOAD, PAGE, { type: 'close' }]],
    ['settled', [LOAD, PAGE, { type: 'status', answer: { v: 1, status: 'fulfilled' } }]],
  ])('of %s changes nothing: no frame is in use', (_, inputs) => {
    const before = after(inputs);
    expect(reduce(before, MOVED)).toEqual({ snapshot: before, effects: [] });
  });
});

describe('a frame that is thrown out again and again', () => {
  it.each<[string, readonly AttemptInput[]]>([
    ['loading', [LOAD]],
    ['ready', [LOAD, PAGE]],
  ])('of %s is closed, and may be opened again', (_, inputs) => {
    const { snapshot, effects } = reduce(after(inputs), LOST);
    expect(snapshot).toMatchObject({ state: 'closed', doubtful: false });
    expect(offersRetry(snapshot)).toBe(true);
    expect(effects).toEqual([{ type: 'announce', name: 'closed', event: null }]);
  });

  it.each<[string, readonly AttemptInput[]]>([
    ['a checkout, where nobody can be asked', [LOAD_ALONE, PAGE, initiated(false)]],
    ['a failure in which nothing can have been paid', [LOAD, PAGE, failed('SESSION_MINT_FAILED')]],
  ])('of %s is closed, and may be opened again', (_, inputs) => {
    const { snapshot, effects } = reduce(after(inputs), LOST);
    expect([snapshot.state, offersRetry(snapshot)]).toEqual(['closed', true]);
    expect(effects).toContainEqual({ type: 'announce', name: 'closed', event: null });
  });

  it('of a checkout is asked about, and nobody is told that somebody closed it', () => {
    const { snapshot, effects } = reduce(after([LOAD, PAGE, initiated(false)]), LOST);
    expect(snapshot).toMatchObject({ state: 'closed', doubtful: true });
    expect(offersRetry(snapshot)).toBe(false);
    expect(effects).toEqual([{ type: 'check-status' }]);
  });

  it.each<[CheckoutState, readonly AttemptInput[]]>([
    ['deferred', [LOAD, PAGE, initiated(true)]],
    ['away', [LOAD_AWAY, PAGE, initiated(false)]],
    ['confirmed', [LOAD, PAGE, confirmed('CONFIRMED')]],
    ['error', [LOAD, PAGE, failed('CONFIRM_FAILED')]],
  ])('of %s ends nothing', (state, inputs) => {
    const { snapshot, effects } = reduce(after(inputs), LOST);
    expect([snapshot.state, effects]).toEqual([state, []]);
  });
});

describe('what is heard of a checkout in another tab, whose frame here is gone,', () => {
  it.each([
    ['CONFIRMED', 'confirmed'],
    ['PENDING_VERIFICATION', 'pending'],
  ] as const)('is no link’s word: %s', (status, state) => {
    const paid = after([LOAD_AWAY, PAGE, initiated(false), MOVED, confirmed(status)]);
    expect(paid).toMatchObject({ state, heard: state, relayed: false });
    // What has been loaded in its place would offer the cards again.
    expect(frameVisibility(paid)).toBe('gone');
  });
});

function initiated(deferred: boolean): AttemptInput {
  return { type: 'vendor', event: { name: 'checkoutInitiated', ...PICK, vanity: 'pro-plan', deferred } };
}

function confirmed(status: 'CONFIRMED' | 'PENDING_VERIFICATION'): AttemptInput {
  return { type: 'vendor', event: { name: 'checkoutConfirmed', ...PICK, status } };
}

function failed(reason: string): AttemptInput {
  return { type: 'vendor', event: { name: 'checkoutError', ...PICK, reason } };
}

function after(inputs: readonly AttemptInput[], start: Snapshot = INITIAL_SNAPSHOT): Snapshot {
  return inputs.reduce((snapshot, input) => reduce(snapshot, input).snapshot, start);
}
