import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduce } from '../../src/core/attempt-machine.js';
import {
  CHECKOUT_STATES,
  INITIAL_SNAPSHOT,
  frameVisibility,
  isFinal,
  offersRetry,
  statusPace,
  type AttemptInput,
  type AttemptOptions,
  type CheckoutState,
  type Snapshot,
  type Transition,
} from '../../src/core/attempt-states.js';
import type { Diagnosis } from '../../src/core/diagnosis.js';
import type { VendorEvent } from '../../src/core/vendor-events.js';
import { ORDER_STATUSES, verdictOf, type OrderStatus } from '../../src/protocol/index.js';

const PICK = { planVersionId: 'pv_1', planItemId: 'item_1' } as const;
const CARDS: AttemptOptions = {
  surface: 'cards',
  target: 'inline',
  heardFromStart: true,
  hasBackend: true,
  retries: 1,
};
const SILENT = {
  code: 'SILENT_PAGE',
  confidence: 'possible',
  evidence: [],
  fix: { who: 'operator', text: 'Look.' },
} as unknown as Diagnosis;

const heard = {
  page: { type: 'vendor', event: { name: 'pageLoaded' } },
  initiated: vendor({ name: 'checkoutInitiated', ...PICK, vanity: 'pro-plan', deferred: false }),
  deferred: vendor({ name: 'checkoutInitiated', ...PICK, vanity: 'pro-plan', deferred: true }),
  confirmed: vendor({ name: 'checkoutConfirmed', ...PICK, status: 'CONFIRMED' }),
  pending: vendor({ name: 'checkoutConfirmed', ...PICK, status: 'PENDING_VERIFICATION' }),
  mintFailed: vendor({ name: 'checkoutError', ...PICK, reason: 'SESSION_MINT_FAILED' }),
  confirmFailed: vendor({ name: 'checkoutError', ...PICK, reason: 'CONFIRM_FAILED' }),
  closed: vendor({ name: 'checkoutClosed', ...PICK }),
} as const satisfies Record<string, AttemptInput>;

describe('a purchase', () => {
  it('goes from the skeleton over the cards and the checkout to done', () => {
    const path = states(
      load(),
      heard.page,
      heard.initiated,
      heard.confirmed,
      status('processing'),
      status('fulfilled'),
    );
    expect(path).toEqual(['loading', 'ready', 'checkout', 'confirmed', 'confirmed', 'settled']);
  });

  it('announces each step once, after what must be done for it', () => {
    const before = after(load(), heard.page, heard.initiated);
    const { effects } = reduce(before, heard.confirmed);
    expect(effects.map((effect) => (effect.type === 'announce' ? effect.name : effect.type))).toEqual([
      'begin-attempt',
      'send-signal',
      'check-status',
      'confirmed',
    ]);
  });

  it.each([
    ['_blank', 'away'],
    ['_top', 'away'],
    ['inline', 'checkout'],
    ['callback', 'checkout'],
  ] as const)('with target %s a click leads to %s', (target, state) => {
    expect(after(load({ target }), heard.page, heard.initiated).state).toBe(state);
  });

  it('waits for the merchant when the click is deferred, then loads the picked item alone', () => {
    const deferred = after(load({ target: 'callback' }), heard.page, heard.deferred);
    expect(deferred.state).toBe('deferred');
    const { snapshot, effects } = reduce(deferred, { type: 'resume' });
    expect(snapshot).toMatchObject({
      state: 'loading',
      options: { surface: 'forced' },
      mount: deferred.mount + 1,
    });
    expect(effects).toEqual([{ type: 'load-frame', mount: deferred.mount + 1, forced: true }]);
    expect(after2(snapshot, heard.page).state).toBe('checkout');
  });

  it('ends an attempt when another plan is loaded, and forgets what was heard of the first', () => {
    const { snapshot, effects } = reduce(after(load(), heard.page, heard.pending), load());
    expect(snapshot).toMatchObject({ state: 'loading', heard: 'nothing', begun: false });
    expect(effects.map(({ type }) => type)).toEqual(['end-attempt', 'load-frame']);
  });
});

describe('a return', () => {
  it.each(['pending', 'confirmed'] as const)(
    'as %s has nothing to show in a frame, whose cards would sell again',
    (as) => {
      const snapshot = after(load(), { type: 'returned', as });
      expect(snapshot).toMatchObject({ state: as, heard: as });
      expect(frameVisibility(snapshot)).toBe('gone');
      expect(offersRetry(snapshot)).toBe(false);
    },
  );

  it('to what is in doubt is closed until the vendor is known to have nothing, and then offered again', () => {
    const doubtful = after(load(), { type: 'doubt' });
    expect([doubtful.state, frameVisibility(doubtful), statusPace(doubtful)]).toEqual([
      'closed',
      'gone',
      'settling',
    ]);
    expect(offersRetry(doubtful)).toBe(false);
    const cleared = after(load(), { type: 'doubt' }, status('open', true));
    expect(offersRetry(cleared)).toBe(true);
    expect(reduce(cleared, { type: 'retry' }).snapshot).toMatchObject({ state: 'loading', doubtful: false });
  });
});

it('a doubt ends with "failed": the next try is in no doubt of it', () => {
  const failed = after(load(), heard.page, heard.confirmFailed, status('failed'));
  expect(failed.doubtful).toBe(false);
  expect(reduce(failed, status('open', true)).snapshot).toMatchObject({ state: 'failed', doubtful: false });
});

describe('a backend', () => {
  it('that the page names late is asked from then on, without another frame', () => {
    const alone = after(load({ hasBackend: false }), heard.page, heard.confirmed);
    const { snapshot, effects } = reduce(alone, { type: 'backend', present: true });
    expect([statusPace(alone), statusPace(snapshot)]).toEqual(['none', 'settling']);
    expect(effects).toEqual([]);
  });
});

describe('a checkout that was begun', () => {
  it.each([
    ['is closed', heard.closed],
    ['gave way to the cards', heard.page],
  ])('is asked about on, also when it %s: it may have been paid elsewhere', (_, over) => {
    const snapshot = after(load(), heard.page, heard.initiated, over);
    expect(statusPace(snapshot)).toBe('background');
    expect(statusPace(after(load(), heard.page))).toBe('none');
  });

  it.each([
    ['the frame closes', heard.closed],
    ['the page closes', { type: 'close' } as const],
  ])('in another tab is in doubt when %s it, until the vendor was asked', (_, closing) => {
    const closed = after(load({ target: '_blank' }), heard.page, heard.initiated, closing);
    expect([closed.state, offersRetry(closed), statusPace(closed)]).toEqual(['closed', false, 'settling']);
    expect(offersRetry(after2(closed, status('open', true)))).toBe(true);
  });
});

describe('silence', () => {
  it('is slow first and blocked at the deadline, and a late page revives it', () => {
    const path = states(load({ retries: 0 }), slow(1), timeout(1), heard.page);
    expect(path).toEqual(['loading', 'slow', 'blocked', 'ready']);
  });

  it('ignores the deadline of an earlier load', () => {
    expect(after(load(), load(), timeout(1)).state).toBe('loading');
  });

  it.each([
    ['an adopted frame nobody listened to', { heardFromStart: false }],
    ['an item surface', { surface: 'item' }],
    ['a forced surface', { surface: 'forced' }],
  ] as const)('of %s never covers it: it stays slow, shown, with a way to try again', (_, options) => {
    const snapshot = after(load(options), slow(1), timeout(1));
    expect(snapshot.state).toBe('slow');
    expect(frameVisibility(snapshot)).toBe('shown');
    expect(offersRetry(snapshot)).toBe(true);
  });

  it('that looks like the network is answered by one remount, as often as allowed', () => {
    const path = states(load({ retries: 1 }), timeout(1, true), timeout(2, true));
    expect(path).toEqual(['loading', 'loading', 'blocked']);
  });

  it('of a second try is not answered by a remount of ours: an attempt has begun', () => {
    const again = after(load({ retries: 3 }), heard.page, heard.initiated, heard.mintFailed, {
      type: 'retry',
    });
    expect(reduce(again, timeout(again.mount, true)).snapshot.state).toBe('blocked');
  });

  it('of a resumed checkout is not answered by a remount of ours', () => {
    const resumed = after(load({ target: 'callback', retries: 3 }), heard.page, heard.deferred, {
      type: 'resume',
    });
    expect(reduce(resumed, timeout(resumed.mount, true)).effects.map(({ type }) => type)).not.toContain(
      'load-frame',
    );
  });

  it('of a frame that cannot be heard uncovers it at once, and the deadline does not take it away', () => {
    const unheard: AttemptInput = { type: 'unheard', mount: 1, diagnosis: SILENT };
    const snapshot = after(load({ retries: 0 }), unheard, timeout(1));
    expect(states(load(), unheard, heard.page)).toEqual(['loading', 'slow', 'ready']);
    expect(snapshot).toMatchObject({ state: 'slow', diagnosis: SILENT });
    expect(frameVisibility(snapshot)).toBe('shown');
  });

  it('with a proof is blocked at once and says so once', () => {
    const first = reduce(after(load()), { type: 'proof', mount: 1, diagnosis: SILENT });
    const again = reduce(first.snapshot, { type: 'proof', mount: 1, diagnosis: { ...SILENT } });
    expect(first.effects).toContainEqual({ type: 'announce', name: 'blocked', event: null });
    expect(again.effects).toEqual([]);
  });

  it('while offline waits and goes on by itself', () => {
    const path = states(load(), { type: 'offline' }, { type: 'online' }, heard.page);
    expect(path).toEqual(['loading', 'offline', 'loading', 'ready']);
  });

  it('while a frame that cannot be heard is in view leaves it there', () => {
    const uncovered = after(load(), { type: 'unheard', mount: 1, diagnosis: SILENT }, { type: 'offline' });
    const { snapshot, effects } = reduce(uncovered, { type: 'online' });
    expect(snapshot).toMatchObject({ state: 'slow', silent: true, mount: 1 });
    expect(effects).toEqual([]);
  });

  it('after the buyer has begun reloads nothing, and is awaited anew', () => {
    const begun = after(load(), heard.page, heard.deferred, { type: 'resume' }, { type: 'offline' });
    const { snapshot, effects } = reduce(begun, { type: 'online' });
    expect([snapshot.state, effects]).toEqual(['loading', [{ type: 'await-page' }]]);
  });
});

describe('a failed checkout', () => {
  it('offers another try at once when no session came to be', () => {
    expect(offersRetry(after(load(), heard.page, heard.initiated, heard.mintFailed))).toBe(true);
  });

  it('offers none after a failed confirmation until the backend says that the vendor has nothing', () => {
    const failed = after(load(), heard.page, heard.initiated, heard.confirmFailed);
    expect(offersRetry(failed)).toBe(false);
    expect(offersRetry(after2(failed, status('open')))).toBe(false);
    expect(offersRetry(after2(failed, status('open', true)))).toBe(true);
  });

  it('forgets that permission with the next word from the frame', () => {
    const allowed = after(load(), heard.page, heard.initiated, heard.confirmFailed, status('open', true));
    expect(offersRetry(after2(allowed, heard.initiated, heard.confirmFailed))).toBe(false);
  });

  it.each([
    ['the frame closes', heard.closed],
    ['the page closes', { type: 'close' } as const],
  ])('keeps its doubt when %s it, and the backend is still asked', (_, closing) => {
    const closed = after(load(), heard.page, heard.initiated, heard.confirmFailed, closing);
    expect([closed.state, offersRetry(closed), statusPace(closed)]).toEqual(['closed', false, 'settling']);
    expect(reduce(closed, { type: 'retry' }).snapshot).toBe(closed);
    expect(offersRetry(after2(closed, status('open')))).toBe(false);
    expect(offersRetry(after2(closed, status('open', true)))).toBe(true);
  });

  it('keeps its doubt when the next try in the frame fails before any session', () => {
    const failed = after(load(), heard.page, heard.initiated, heard.confirmFailed, heard.mintFailed);
    expect(offersRetry(failed)).toBe(false);
    const again = after2(failed, status('open', true), { type: 'retry' }, heard.page, heard.initiated);
    expect(offersRetry(after2(again, heard.closed))).toBe(true);
  });

  it('is in no doubt of what the backend has cleared up before', () => {
    const cleared = after(load(), heard.page, heard.confirmFailed, status('open', true), heard.mintFailed);
    expect(offersRetry(cleared)).toBe(true);
    expect(offersRetry(after2(cleared, heard.confirmFailed))).toBe(false);
  });

  it('is in no doubt of it either when the buyer comes back from another tab, or goes on behind a step', () => {
    const away = after(load({ target: '_blank' }), heard.page, heard.confirmFailed, heard.initiated);
    const back = after2(away, status('open', true), { type: 'retry' });
    expect(offersRetry(after2(back, heard.closed))).toBe(true);
    const deferred = after(load(), heard.page, heard.confirmFailed, heard.deferred, status('open', true));
    const resumed = after2(deferred, { type: 'resume' }, heard.closed);
    expect(offersRetry(resumed)).toBe(true);
  });

  it('keeps its doubt under a frame that comes anew, and asks until the backend has spoken', () => {
    const doubtful = after(load(), heard.page, heard.confirmFailed, heard.deferred, { type: 'resume' });
    expect([doubtful.state, statusPace(doubtful)]).toEqual(['loading', 'background']);
    const blocked = after2(doubtful, { type: 'proof', mount: doubtful.mount, diagnosis: SILENT });
    expect([blocked.state, offersRetry(blocked)]).toEqual(['blocked', false]);
    const settled = after2(blocked, status('fulfilled'));
    expect([settled.state, statusPace(settled)]).toEqual(['settled', 'none']);
  });

  it.each<[string, AttemptInput[]]>([
    ['failed', [heard.page, heard.confirmFailed]],
    ['is doubted from before', [{ type: 'doubt' }]],
  ])('that %s is said to be unanswered when the backend could not say, and still not offered', (_, how) => {
    const unanswered = after(load(), ...how, { type: 'given-up' });
    expect([unanswered.unanswered, offersRetry(unanswered)]).toEqual([true, false]);
    expect(unanswered.state).toBe(after(load(), ...how).state);
    // A second horizon is no news, and the answer may come late.
    expect(reduce(unanswered, { type: 'given-up' }).snapshot).toBe(unanswered);
    const cleared = after2(unanswered, status('open', true));
    expect(offersRetry(cleared)).toBe(true);
    expect(after2(cleared, { type: 'retry' })).toMatchObject({ state: 'loading', unanswered: false });
    // Where a frame is seen, the buyer may go on in it.
    expect(after2(unanswered, heard.initiated).unanswered).toBe(unanswered.returned);
    expect(after2(unanswered, status('fulfilled')).state).toBe('settled');
  });

  it('is asked about as eagerly as ever when it comes after another tab that nobody could tell of', () => {
    const away = after(load({ target: '_blank' }), heard.page, heard.initiated, { type: 'given-up' });
    expect([away.state, statusPace(away)]).toEqual(['away', 'background']);
    const back = after2(away, status('open', true), { type: 'retry' });
    expect(statusPace(after2(back, { type: 'doubt' }))).toBe('settling');
  });

  it('of which nothing can have been paid is never unanswered', () => {
    expect(after(load(), heard.page, heard.mintFailed, { type: 'given-up' }).unanswered).toBe(false);
    expect(after(load(), heard.page, heard.closed, { type: 'given-up' }).unanswered).toBe(false);
  });

  it('without a backend may be tried again: nobody else can be asked', () => {
    expect(offersRetry(after(load({ hasBackend: false }), heard.page, heard.confirmFailed))).toBe(true);
  });

  it('still hears a genuine confirmation', () => {
    expect(states(load(), heard.page, heard.confirmFailed, heard.confirmed).at(-1)).toBe('confirmed');
  });

  it('tries again in a fresh frame with the same attempt', () => {
    const failed = after(load(), heard.page, heard.initiated, heard.mintFailed);
    const { snapshot, effects } = reduce(failed, { type: 'retry' });
    expect(snapshot).toMatchObject({ state: 'loading', mount: 2 });
    expect(effects.map(({ type }) => type)).toEqual(['load-frame', 'announce']);
  });
});

describe('after a confirmation was heard', () => {
  it.each([
    ['a closed checkout', heard.closed],
    ['an error', heard.confirmFailed],
    ['another click', heard.initiated],
    ['the page loading again', heard.page],
  ] as const)('%s takes the inbox note from nobody', (_, event) => {
    const pending = after(load(), heard.page, heard.pending);
    expect(reduce(pending, event).snapshot.state).toBe('pending');
  });

  it('the inbox note becomes the thank-you when the confirmation follows', () => {
    expect(states(load(), heard.page, heard.pending, heard.confirmed).at(-1)).toBe('confirmed');
  });

  it('the horizon makes it unsettled, never failed, and the backend may still settle it', () => {
    const path = states(load(), heard.page, heard.confirmed, { type: 'given-up' }, status('fulfilled'));
    expect(path).toEqual(['loading', 'ready', 'confirmed', 'unsettled', 'settled']);
  });

  it('a bad attribute takes nothing from the view', () => {
    const confirmed = after(load(), heard.page, heard.confirmed);
    expect(reduce(confirmed, { type: 'misconfigured', diagnosis: SILENT }).snapshot).toBe(confirmed);
  });

  it('a failure that the backend reports offers no other try', () => {
    expect(offersRetry(after(load(), heard.page, heard.confirmed, status('failed', true)))).toBe(false);
  });
});

describe('a return to the page', () => {
  it('with a subscription is a heard confirmation, and the backend is asked at once', () => {
    const { snapshot, effects } = reduce(after(load()), { type: 'returned', as: 'confirmed' });
    expect(snapshot.state).toBe('confirmed');
    expect(effects.map(({ type }) => type)).toContain('check-status');
  });

  it.each<[string, AttemptInput]>([
    ['a link', { type: 'returned', as: 'confirmed' }],
    ['the backend', status('processing')],
  ])("tells the backend of the frame's own confirmation though %s had said so before", (_, before) => {
    const told = ({ effects }: Transition): unknown =>
      effects.find(({ type }) => type === 'send-signal') ?? null;
    const known = reduce(after(load(), heard.page), before).snapshot;
    const first = reduce(known, heard.confirmed);
    expect([known.state, first.snapshot.state]).toEqual(['confirmed', 'confirmed']);
    expect(told(first)).toMatchObject({ kind: 'confirmed', event: { name: 'checkoutConfirmed' } });
    expect(told(reduce(after(load(), heard.page, heard.confirmed), heard.confirmed))).toBeNull();
  });

  it('never turns a confirmation back into an inbox note', () => {
    const confirmed = after(load(), heard.page, heard.confirmed);
    expect(reduce(confirmed, { type: 'returned', as: 'pending' }).snapshot.state).toBe('confirmed');
    expect(reduce(confirmed, { type: 'doubt' }).snapshot).toBe(confirmed);
  });
});

describe('every state and every input', () => {
  it('never throws and always gives a known state', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const snapshot of walk(inputs)) expect(CHECKOUT_STATES).toContain(snapshot.state);
      }),
    );
  });

  it('reaches every state', () => {
    const reached = new Set<CheckoutState>();
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const { state } of walk(inputs)) reached.add(state);
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect([...reached].sort()).toEqual([...CHECKOUT_STATES].sort());
  });

  it('leaves an exit from every state but the final one', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const snapshot of walk(inputs)) {
          if (isFinal(snapshot.state)) continue;
          const exits = EVERY_INPUT(snapshot).filter(
            (input) =>
              input.type !== 'reset' &&
              input.type !== 'load' &&
              reduce(snapshot, input).snapshot.state !== snapshot.state,
          );
          expect(exits.length, snapshot.state).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('never offers another try after a confirmation was heard, whatever else happens', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const snapshot of walk(inputs)) {
          if (snapshot.heard === 'nothing') continue;
          expect(offersRetry(snapshot)).toBe(false);
          const retried = reduce(snapshot, { type: 'retry' });
          expect(retried.snapshot).toBe(snapshot);
          expect(retried.effects).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('forgets a heard confirmation only when another attempt is loaded or all is reset', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        let before = INITIAL_SNAPSHOT;
        for (const input of inputs) {
          const { snapshot } = reduce(before, input);
          if (input.type !== 'load' && input.type !== 'reset') {
            expect(RANK[snapshot.heard]).toBeGreaterThanOrEqual(RANK[before.heard]);
          }
          before = snapshot;
        }
      }),
    );
  });

  it('is not moved by an event that is not to be believed', () => {
    fc.assert(
      fc.property(
        anyInputs(),
        fc.constantFrom('foreign-frame', 'forged', 'unknown-event', 'malformed', 'ended-attempt'),
        (inputs, reason) => {
          for (const snapshot of walk(inputs)) {
            const rejected = reduce(snapshot, { type: 'rejected', reason, name: 'checkoutConfirmed' });
            expect(rejected.snapshot).toBe(snapshot);
            expect(rejected.effects).toEqual([{ type: 'reject', reason, name: 'checkoutConfirmed' }]);
          }
        },
      ),
    );
  });

  it("accepts the backend's verdict in every state but the final one", () => {
    fc.assert(
      fc.property(anyInputs(), fc.constantFrom(...ORDER_STATUSES), (inputs, word) => {
        const verdict = verdictOf(word);
        for (const snapshot of walk(inputs)) {
          const next = reduce(snapshot, status(word)).snapshot.state;
          if (isFinal(snapshot.state)) expect(next).toBe('settled');
          else if (word === 'processing') expect([snapshot.state, 'confirmed']).toContain(next);
          else if (word === 'expired' && !mayHavePaid(snapshot)) expect(next).toBe(snapshot.state);
          else expect(next).toBe(verdict === 'waiting' ? snapshot.state : verdict);
        }
      }),
    );
  });

  it('offers nothing of an order that the backend knows to be paid, unless a checkout is going on', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const snapshot of walk(inputs)) {
          const next = reduce(snapshot, status('processing')).snapshot;
          if (['ready', 'away', 'error', 'closed', 'failed', 'pending'].includes(next.state))
            expect(next).toMatchObject({ state: snapshot.state, heard: 'confirmed' });
          if (next.state !== snapshot.state)
            expect([frameVisibility(next), offersRetry(next)]).toEqual(['gone', false]);
        }
      }),
    );
  });

  it('nor once that checkout is over, by whatever ends it', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const { state, paid, heard } of walk(inputs)) {
          if (paid && ['ready', 'away', 'error', 'closed', 'failed', 'pending'].includes(state))
            expect(heard).toBe('confirmed');
        }
      }),
    );
    for (const end of [heard.closed, heard.confirmFailed, { type: 'close' } as const]) {
      const before = after(load(), heard.page, heard.initiated, status('processing'));
      expect(before.state).toBe('checkout');
      const { snapshot, effects } = reduce(before, end);
      expect(snapshot).toMatchObject({ state: 'confirmed', heard: 'confirmed' });
      expect(effects.flatMap((effect) => (effect.type === 'announce' ? [effect.name] : []))).toEqual([
        'confirmed',
      ]);
      expect(after2(before, status('open'), end).state).not.toBe('confirmed');
    }
  });

  it('nor behind a step of the page’s own, whose end loads no checkout then', () => {
    const before = after(load({ target: 'callback' }), heard.page, heard.deferred);
    expect(after2(before, status('processing')).state).toBe('confirmed');
    const { snapshot, effects } = reduce({ ...before, paid: true }, { type: 'resume' });
    expect([snapshot.state, effects.some(({ type }) => type === 'load-frame')]).toEqual(['confirmed', false]);
  });

  it('says "settled" on the word of the backend alone', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        const unheard = inputs.filter(
          (input) => input.type !== 'status' || input.answer.status !== 'fulfilled',
        );
        for (const { state } of walk(unheard)) expect(state).not.toBe('settled');
      }),
    );
  });

  it('loads a frame only where none can be at work, or where someone asked', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        let before = INITIAL_SNAPSHOT;
        for (const input of inputs) {
          const { snapshot, effects } = reduce(before, input);
          if (effects.some(({ type }) => type === 'load-frame') && !ASKED.includes(input.type)) {
            expect(['loading', 'slow', 'offline']).toContain(before.state);
            expect([frameVisibility(before), before.begun]).toEqual(['covered', false]);
          }
          before = snapshot;
        }
      }),
    );
  });

  it('asks the backend only where there is one', () => {
    fc.assert(
      fc.property(anyInputs(), (inputs) => {
        for (const snapshot of walk(inputs)) {
          if (snapshot.options?.hasBackend !== true) expect(statusPace(snapshot)).toBe('none');
        }
      }),
    );
  });
});

const RANK = { nothing: 0, pending: 1, confirmed: 2 } as const;
const ASKED: readonly AttemptInput['type'][] = ['load', 'retry', 'resume', 'moved'];

function vendor(event: VendorEvent): AttemptInput {
  return { type: 'vendor', event };
}

function load(options: Partial<AttemptOptions> = {}): AttemptInput {
  return { type: 'load', options: { ...CARDS, ...options } };
}

function slow(mount: number): AttemptInput {
  return { type: 'slow-elapsed', mount };
}

function timeout(mount: number, networkLike = false): AttemptInput {
  return { type: 'timeout-elapsed', mount, diagnosis: SILENT, networkLike };
}

function status(word: OrderStatus, retry = false): AttemptInput {
  return { type: 'status', answer: { v: 1, status: word, ...(retry ? { retry } : {}) } };
}

function after(...inputs: readonly AttemptInput[]): Snapshot {
  return after2(INITIAL_SNAPSHOT, ...inputs);
}

function after2(start: Snapshot, ...inputs: readonly AttemptInput[]): Snapshot {
  return inputs.reduce((snapshot, input) => reduce(snapshot, input).snapshot, start);
}

function states(...inputs: readonly AttemptInput[]): CheckoutState[] {
  return inputs.map((_, index) => after(...inputs.slice(0, index + 1)).state);
}

function mayHavePaid({ heard, doubtful, state }: Snapshot): boolean {
  return heard !== 'nothing' || doubtful || state === 'away';
}

function* walk(inputs: readonly AttemptInput[]): Generator<Snapshot> {
  let snapshot = INITIAL_SNAPSHOT;
  yield snapshot;
  for (const input of inputs) {
    ({ snapshot } = reduce(snapshot, input));
    yield snapshot;
  }
}

function EVERY_INPUT({ mount }: Snapshot): AttemptInput[] {
  return [
    ...Object.values(heard),
    slow(mount),
    timeout(mount),
    { type: 'proof', mount, diagnosis: SILENT },
    { type: 'unheard', mount, diagnosis: SILENT },
    { type: 'misconfigured', diagnosis: SILENT },
    { type: 'offline' },
    { type: 'online' },
    ...ORDER_STATUSES.flatMap((word) => [status(word), status(word, true)]),
    { type: 'given-up' },
    { type: 'returned', as: 'confirmed' },
    { type: 'returned', as: 'pending' },
    { type: 'doubt' },
    { type: 'retry' },
    { type: 'resume' },
    { type: 'moved' },
    { type: 'lost' },
    { type: 'close' },
    { type: 'reset' },
    load(),
  ];
}

function anyInputs(): fc.Arbitrary<AttemptInput[]> {
  const options = fc.record({
    surface: fc.constantFrom('cards' as const, 'item' as const, 'forced' as const),
    target: fc.constantFrom('inline' as const, 'callback' as const, '_top' as const, '_blank' as const),
    heardFromStart: fc.boolean(),
    hasBackend: fc.boolean(),
    retries: fc.integer({ min: 0, max: 3 }),
  });
  const mount = fc.integer({ min: 0, max: 6 });
  const input = fc.oneof(
    { weight: 2, arbitrary: options.map((given): AttemptInput => ({ type: 'load', options: given })) },
    { weight: 6, arbitrary: fc.constantFrom<AttemptInput>(...Object.values(heard)) },
    {
      weight: 3,
      arbitrary: mount.chain((n) =>
        fc.constantFrom<AttemptInput>(
          slow(n),
          timeout(n),
          timeout(n, true),
          { type: 'proof', mount: n, diagnosis: SILENT },
          { type: 'unheard', mount: n, diagnosis: SILENT },
          { type: 'backend', present: n > 3 },
          { type: 'diagnosed', mount: n, diagnosis: SILENT },
        ),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom<AttemptInput>(
        ...EVERY_INPUT(INITIAL_SNAPSHOT).filter(({ type }) => type !== 'load' && type !== 'vendor'),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constant<AttemptInput>(
        vendor({ name: 'customCtaClicked', ...PICK, vanity: null, ctaLink: null }),
      ),
    },
  );
  return fc.array(input, { maxLength: 30 });
}
