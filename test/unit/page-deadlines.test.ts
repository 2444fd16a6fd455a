/** The deadlines of `pageLoaded` on clocks that jump, and at times that no timer measures. */
import { expect, it } from 'vitest';
import { PageDeadlines } from '../../src/element/page-deadlines.js';

const PRESENT = { visible: () => true, online: () => true, subscribe: () => () => undefined };

/** Timers that are run by hand, on a clock that goes as it likes. */
class Hands {
  nowMs = 1_000_000;
  readonly set_: { ms: number; run: () => void }[] = [];
  readonly now = (): number => this.nowMs;
  readonly set = (run: () => void, ms: number): unknown => {
    const timer = { ms, run };
    this.set_.push(timer);
    return timer;
  };
  readonly clear = (timer: unknown): void => {
    const index = this.set_.findIndex((one) => one === timer);
    if (index >= 0) this.set_.splice(index, 1);
  };
  /** The next timer comes, when the clock has moved on by `ms`. */
  ring(ms = this.set_[0]?.ms ?? 0): void {
    this.nowMs += ms;
    this.set_.shift()?.run();
  }
}

function deadlines(...afterMs: readonly number[]) {
  const hands = new Hands();
  const passed: number[] = [];
  const page = new PageDeadlines(PRESENT, hands);
  page.start(afterMs.map((each) => ({ afterMs: each, onPassed: () => void passed.push(each) })));
  return { hands, passed };
}

it.each([
  ['a computer that slept', 3_600_000],
  ['a clock that was set back', -3_600_000],
])('%s brings the next one no sooner and no later', (_, jumpMs) => {
  const { hands, passed } = deadlines(4000, 12_000);
  hands.ring(jumpMs);
  expect(passed).toEqual([4000]);
  expect(hands.set_.map(({ ms }) => ms)).toEqual([8000]);
  hands.ring();
  expect(passed).toEqual([4000, 12_000]);
});

it('longer ones than a timer measures are waited for, be it for ever', () => {
  const { hands, passed } = deadlines(3e9, Infinity);
  for (let turn = 0; turn < 2; turn += 1) hands.ring();
  expect(passed).toEqual([3e9]);
  for (let turn = 0; turn < 5; turn += 1) {
    expect(hands.set_[0]?.ms).toBe(2 ** 31 - 1);
    hands.ring();
  }
  expect(passed).toEqual([3e9]);
});
