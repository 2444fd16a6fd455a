/** A checkout that leaves the page: every state under every input, and what must hold whatever comes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  INITIAL_REDIRECT,
  moveRedirect,
  offersPress,
  REDIRECT_STATES,
  redirectPace,
  type RedirectInput,
  type RedirectSnapshot,
  type RedirectState,
} from '../../src/core/redirect-machine.js';
import { ORDER_STATUSES, type OrderStatus } from '../../src/protocol/index.js';

const says = (status: OrderStatus, retry = false): RedirectInput => ({
  type: 'answer',
  answer: { v: 1, status, ...(retry ? { retry: true } : {}) },
});

const at = (state: RedirectState, more: Partial<RedirectSnapshot> = {}): RedirectSnapshot => ({
  ...INITIAL_REDIRECT,
  state,
  ...more,
});

const anyInput = fc.oneof(
  fc.constantFrom<RedirectInput>(
    { type: 'press' },
    { type: 'opened' },
    { type: 'refused' },
    { type: 'returned', as: 'paid' },
    { type: 'returned', as: 'cancelled' },
    { type: 'recalled' },
    { type: 'restored' },
    { type: 'given-up' },
  ),
  fc.tuple(fc.constantFrom(...ORDER_STATUSES), fc.boolean()).map(([status, retry]) => says(status, retry)),
);

describe('a checkout that leaves the page', () => {
  it.each<[RedirectState, RedirectInput, RedirectState]>([
    ['idle', { type: 'press' }, 'starting'],
    ['idle', { type: 'opened' }, 'idle'],
    ['idle', { type: 'returned', as: 'paid' }, 'settling'],
    ['idle', { type: 'returned', as: 'cancelled' }, 'away'],
    ['idle', { type: 'recalled' }, 'settling'],
    ['idle', { type: 'given-up' }, 'idle'],
    ['idle', says('open'), 'idle'],
    ['idle', says('processing'), 'settling'],
    ['idle', says('failed'), 'idle'],
    ['idle', says('fulfilled'), 'settled'],
    ['starting', { type: 'press' }, 'starting'],
    ['starting', { type: 'opened' }, 'away'],
    ['starting', { type: 'refused' }, 'error'],
    ['starting', { type: 'restored' }, 'away'],
    ['starting', says('failed', true), 'failed'],
    ['starting', says('expired'), 'unsettled'],
    ['away', { type: 'press' }, 'starting'],
    ['away', says('pending'), 'settling'],
    ['away', says('review'), 'unsettled'],
    ['away', says('expired'), 'away'],
    ['away', says('failed'), 'failed'],
    ['error', { type: 'press' }, 'starting'],
    ['error', says('failed'), 'error'],
    ['settling', { type: 'press' }, 'settling'],
    ['settling', { type: 'given-up' }, 'unsettled'],
    ['settling', says('ended'), 'failed'],
    ['unsettled', says('processing'), 'unsettled'],
    ['unsettled', says('fulfilled'), 'settled'],
    ['unsettled', { type: 'returned', as: 'cancelled' }, 'unsettled'],
    ['settled', says('failed', true), 'settled'],
    ['settled', { type: 'returned', as: 'cancelled' }, 'settled'],
    ['settled', { type: 'reset' }, 'idle'],
    ['failed', { type: 'recalled' }, 'settling'],
    ['unsettled', { type: 'recalled' }, 'unsettled'],
  ])('in %s, under %j, is then %s', (from, input, to) => {
    expect(moveRedirect(at(from), input).state).toBe(to);
  });

  it('offers nothing to pay after a payment was heard, until the backend says that it failed', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 12 }), (inputs) => {
        let snapshot = INITIAL_REDIRECT;
        let heard = false;
        for (const input of inputs) {
          const before = snapshot;
          snapshot = moveRedirect(snapshot, input);
          const isWord =
            input.type === 'recalled' ||
            (input.type === 'returned' && input.as === 'paid') ||
            (input.type === 'answer' &&
              ['processing', 'pending', 'fulfilled', 'review'].includes(input.answer.status));
          const isVerdict =
            input.type === 'answer' && (input.answer.status === 'failed' || input.answer.status === 'ended');
          if (isVerdict && snapshot.state === 'failed') heard = false;
          // A word that came too late to move anything was not acted upon either.
          if (isWord && snapshot !== before) heard = true;
          if (heard) expect(offersPress(snapshot)).toBe(false);
        }
      }),
    );
  });

  it('is settled by the backend alone, and stays so', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 12 }), (inputs) => {
        let snapshot = INITIAL_REDIRECT;
        for (const input of inputs) {
          const before = snapshot.state;
          snapshot = moveRedirect(snapshot, input);
          if (before === 'settled') expect(snapshot.state).toBe('settled');
          else if (snapshot.state === 'settled') expect(input).toEqual(says('fulfilled', retryOf(input)));
        }
      }),
    );
  });

  it('calls nothing failed that is only unknown', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 12 }), (inputs) => {
        let snapshot = INITIAL_REDIRECT;
        for (const input of inputs) {
          const before = snapshot.state;
          snapshot = moveRedirect(snapshot, input);
          if (snapshot.state !== 'failed' || before === 'failed') continue;
          expect(['failed', 'ended']).toContain(input.type === 'answer' ? input.answer.status : input.type);
        }
      }),
    );
  });

  it.each(REDIRECT_STATES)('in %s, a press is taken exactly where it is offered', (state) => {
    for (const heard of [false, true]) {
      for (const mayRetry of [false, true]) {
        const snapshot = at(state, { heard, mayRetry });
        expect(moveRedirect(snapshot, { type: 'press' }) !== snapshot).toBe(offersPress(snapshot));
      }
    }
  });

  it('asks the backend wherever its word is waited for', () => {
    const asked = REDIRECT_STATES.filter((state) => redirectPace(at(state)) !== 'none');
    expect(asked).toEqual(['away', 'settling', 'unsettled']);
  });
});

function retryOf(input: RedirectInput): boolean {
  return input.type === 'answer' && input.answer.retry === true;
}
