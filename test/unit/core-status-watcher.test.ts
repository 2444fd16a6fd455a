import { describe, expect, it, vi } from 'vitest';
import {
  HandoffError,
  StatusWatcher,
  type StatusSource,
  type StatusWatcherOptions,
} from '../../src/core/handoff.js';
import type { OrderStatus, StatusAnswer } from '../../src/protocol/index.js';
import { deferred, FakePresence, FakeTimers, never, settled, START_MS } from './core-fakes.js';

type Read = Awaited<ReturnType<StatusSource['read']>>;
type Stream = NonNullable<StatusSource['stream']>;

const MINUTE_MS = 60_000;
const status = (of: OrderStatus): StatusAnswer => ({ v: 1, status: of });
const OPEN: Read = { answer: status('open'), retryAfterMs: null };
const limited = (retryAfterMs: number) =>
  new HandoffError('rate_limited', 'Slowly.', { status: 429, retryAfterMs });

function setup(
  options: {
    stream?: Stream;
    read?: () => Read | Error | Promise<Read>;
  } & Partial<StatusWatcherOptions> = {},
) {
  const { stream, read, ...over } = options;
  const timers = new FakeTimers();
  const presence = new FakePresence();
  /** Seconds since the start at which the backend was asked. */
  const asked: number[] = [];
  const heard: OrderStatus[] = [];
  const troubles: unknown[] = [];
  const horizons: number[] = [];
  const signals: AbortSignal[] = [];
  const answers = { read: read ?? (() => OPEN) };
  const seconds = () => (timers.now() - START_MS) / 1_000;
  const source: StatusSource = {
    read: (signal) => {
      asked.push(seconds());
      signals.push(signal);
      const answer = answers.read();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    ...(stream === undefined ? {} : { stream }),
  };
  const watcher = new StatusWatcher({
    source,
    timers,
    presence,
    onAnswer: (answer) => heard.push(answer.status),
    onTrouble: (error) => troubles.push(error),
    onHorizon: () => horizons.push(seconds()),
    random: () => 0,
    ...over,
  });
  return { watcher, timers, presence, asked, heard, troubles, horizons, signals, answers };
}

describe('polling', () => {
  it('asks at once, then after 1, 1, 2, 2, 3, 5 s, every 5 s to a minute, 10 s to five, 30 s to fifteen', async () => {
    const { watcher, timers, asked } = setup();
    watcher.start();
    await timers.advance(15 * MINUTE_MS);

    expect(asked.slice(0, 8)).toEqual([0, 1, 2, 4, 6, 9, 14, 19]);
    const pauses = asked.slice(1).map((at, index) => ({ from: asked[index]!, pause: at - asked[index]! }));
    const between = (from: number, to: number) =>
      new Set(pauses.filter((one) => one.from >= from && one.from < to).map(({ pause }) => pause));
    expect(between(9, 60)).toEqual(new Set([5]));
    expect(between(60, 300)).toEqual(new Set([10]));
    expect(between(304, 870)).toEqual(new Set([30]));
  });

  it('counts from the start of one request to the start of the next', async () => {
    const { watcher, timers, asked, answers } = setup();
    const answer = deferred<Read>();
    answers.read = () => answer.promise;
    watcher.start();

    await timers.advance(700);
    answers.read = () => OPEN;
    answer.resolve(OPEN);
    await timers.advance(300);

    expect(asked).toEqual([0, 1]);
  });

  it('has one request in flight, however slow the answer', async () => {
    const { watcher, timers, asked } = setup({ read: () => never() as unknown as Promise<Read> });
    watcher.start();

    await timers.advance(9_000);
    watcher.checkNow();
    watcher.checkNow();
    await timers.advance(999);

    expect(asked).toEqual([0]);
  });

  it('gives up on an answer after ten seconds and goes on', async () => {
    const { watcher, timers, asked, troubles, signals, answers } = setup({
      read: () => never() as unknown as Promise<Read>,
    });
    watcher.start();
    await timers.advance(10_000);
    expect(troubles).toMatchObject([{ code: 'timeout' }]);
    expect(signals[0]?.aborted).toBe(true);

    answers.read = () => OPEN;
    await timers.advance(2_000);

    expect(asked).toEqual([0, 12]);
  });

  it('tells every answer but the empty ones, and does not stop at a verdict', async () => {
    const { watcher, timers, heard, answers } = setup();
    watcher.start();
    await timers.advance(0);
    answers.read = () => ({ answer: null, retryAfterMs: null });
    await timers.advance(1_000);
    answers.read = () => ({ answer: status('fulfilled'), retryAfterMs: null });
    await timers.advance(3_000);

    expect(heard).toEqual(['open', 'fulfilled', 'fulfilled']);
  });

  it("obeys the backend's wish for a longer pause", async () => {
    const { watcher, timers, asked } = setup({ read: () => ({ ...OPEN, retryAfterMs: 20_000 }) });
    watcher.start();

    await timers.advance(40_000);

    expect(asked).toEqual([0, 20, 40]);
  });
});

describe('trouble', () => {
  it('backs off by doubling up to half a minute, and forgets it after an answer', async () => {
    const { watcher, timers, asked, troubles, answers } = setup({ read: () => new Error('down') });
    watcher.start();
    await timers.advance(90_000);
    expect(asked).toEqual([0, 2, 6, 14, 30, 60, 90]);
    expect(troubles).toHaveLength(7);

    answers.read = () => OPEN;
    await timers.advance(50_000);

    expect(asked.slice(7)).toEqual([120, 130, 140]);
  });

  it('spreads the pages of one backend', async () => {
    const { watcher, timers, asked } = setup({ read: () => new Error('down'), random: () => 1 });
    watcher.start();

    await timers.advance(10_000);

    expect(asked).toEqual([0, 2.5, 7.5]);
  });

  it('waits out a Retry-After, also when somebody wants to know now', async () => {
    const { watcher, timers, presence, asked, answers } = setup({ read: () => limited(45_000) });
    watcher.start();
    await timers.advance(10_000);
    answers.read = () => OPEN;

    watcher.checkNow();
    presence.change({ visible: false });
    presence.change({ visible: true });
    await timers.advance(34_999);
    expect(asked).toEqual([0]);
    await timers.advance(1);

    expect(asked).toEqual([0, 45]);
  });

  it('asks once what was to be asked during a Retry-After, and does not wait for the schedule', async () => {
    const { watcher, timers, asked, answers } = setup();
    watcher.start();
    await timers.advance(6 * MINUTE_MS);
    answers.read = () => limited(5_000);
    watcher.checkNow();
    await timers.advance(0);
    answers.read = () => OPEN;
    asked.length = 0;

    watcher.checkNow();
    watcher.checkNow();
    await timers.advance(20_000);

    expect(asked).toEqual([365]);
  });

  it.each([429, 500, 503])(
    'keeps away after a %s, also on return and when somebody wants to know',
    async (code) => {
      const { watcher, timers, presence, asked, answers } = setup({
        read: () => new HandoffError('unavailable', 'Not now.', { status: code }),
      });
      watcher.start();
      await timers.advance(0);
      answers.read = () => OPEN;

      watcher.checkNow();
      presence.change({ visible: false });
      presence.change({ visible: true });
      watcher.checkNow();
      await timers.advance(1_999);
      expect(asked).toEqual([0]);
      await timers.advance(1);

      expect(asked).toEqual([0, 2]);
    },
  );

  it('asks at once on return where the line had failed', async () => {
    const { watcher, timers, presence, asked } = setup({ read: () => new HandoffError('network', 'Down.') });
    watcher.start();
    await timers.advance(10_000);
    presence.change({ online: false });
    presence.change({ online: true });
    await timers.advance(0);

    expect(asked).toEqual([0, 2, 6, 10]);
  });

  it('waits out a Retry-After in every pace, and over a stop', async () => {
    const { watcher, timers, asked, answers } = setup({ read: () => limited(45_000) });
    watcher.start();
    await timers.advance(0);
    answers.read = () => OPEN;

    watcher.pace('background');
    watcher.checkNow();
    watcher.pace('none');
    watcher.checkNow();
    watcher.stop();
    watcher.start();
    watcher.pace('settling');
    await timers.advance(46_000);

    expect(asked).toEqual([0, 45, 46]);
  });

  it('waits out what another asked of the same backend was told', async () => {
    const pause = { untilMs: 0 };
    const one = setup({ pause, read: () => limited(20_000) });
    one.watcher.start();
    await settled();
    one.watcher.stop();
    const { timers } = one;
    const other = setup({ pause, timers });
    other.watcher.start();

    await timers.advance(19_999);
    expect(other.heard).toEqual([]);
    await timers.advance(1);

    expect(other.heard).toEqual(['open']);
  });

  it('survives a Retry-After that no timer can measure', async () => {
    const timers = new FakeTimers();
    const longest = vi.spyOn(timers, 'set');
    const { watcher } = setup({ timers, read: () => limited(365 * 24 * 60 * MINUTE_MS) });
    watcher.pace('background');
    watcher.checkNow();
    await settled();

    expect(Math.max(...longest.mock.calls.map(([, ms]) => ms))).toBeLessThan(2 ** 31);
  });

  it('survives a callback that throws', async () => {
    const { watcher, timers, asked, troubles } = setup({
      onAnswer: () => {
        throw new Error('a listener broke');
      },
    });
    watcher.start();

    await timers.advance(2_000);

    expect(troubles).toMatchObject([{ message: 'a listener broke' }, {}]);
    expect(asked).toEqual([0, 2]);
  });

  it('survives a source that throws at once', async () => {
    const { watcher, timers, troubles } = setup({
      source: {
        read: () => {
          throw new Error('getStatus is not a function');
        },
      },
    });
    watcher.start();

    await timers.advance(0);

    expect(troubles).toMatchObject([{ message: 'getStatus is not a function' }]);
  });
});

describe('presence', () => {
  it.each([{ visible: false }, { online: false }])(
    'asks nothing while %j, and at once on return',
    async (away) => {
      const { watcher, timers, presence, asked } = setup();
      watcher.start();
      await timers.advance(1_500);
      presence.change(away);
      await timers.advance(5 * MINUTE_MS);
      expect(asked).toEqual([0, 1]);
      expect(timers.pending).toBe(0);

      presence.change({ visible: true, online: true });
      await timers.advance(0);

      expect(asked).toEqual([0, 1, 301.5]);
    },
  );

  it('waits for presence when it starts without', async () => {
    const { watcher, timers, presence, asked } = setup();
    presence.change({ visible: false });
    watcher.start();
    watcher.checkNow();
    await timers.advance(MINUTE_MS);
    expect(asked).toEqual([]);

    presence.change({ visible: true });
    await timers.advance(0);

    expect(asked).toEqual([60]);
  });

  it('drops an answer that comes after the page was hidden, and asks afresh', async () => {
    const late = deferred<Read>();
    const { watcher, timers, presence, heard, answers, signals } = setup({ read: () => late.promise });
    watcher.start();
    await timers.advance(0);
    presence.change({ visible: false });
    expect(signals[0]?.aborted).toBe(true);
    answers.read = () => ({ answer: status('processing'), retryAfterMs: null });
    presence.change({ visible: true });
    late.resolve(OPEN);
    await timers.advance(0);

    expect(heard).toEqual(['processing']);
  });

  it('asks once on return, however many events tell of it', async () => {
    const { watcher, timers, presence, asked } = setup();
    watcher.start();
    await timers.advance(500);
    presence.change({ visible: false });

    presence.change({ visible: true });
    presence.change({});
    presence.change({ online: true });
    await timers.advance(0);

    expect(asked).toEqual([0, 0.5]);
  });
});

describe('in the background', () => {
  it('asks every 30 s from the last question, by no stream', async () => {
    const { watcher, timers, asked } = setup({ stream: () => new Promise(() => undefined) });
    watcher.pace('background');
    await timers.advance(40_000);
    watcher.checkNow();
    await timers.advance(60_000);

    expect(asked).toEqual([30, 40, 70, 100]);
  });

  it('asks nothing while away, and once on return', async () => {
    const { watcher, timers, presence, asked } = setup();
    watcher.pace('background');
    presence.change({ online: false });
    watcher.checkNow();
    await timers.advance(MINUTE_MS);
    expect(asked).toEqual([]);
    expect(timers.pending).toBe(0);

    presence.change({ online: true });
    watcher.checkNow();
    await timers.advance(29_999);

    expect(asked).toEqual([60]);
  });
});

describe('without a pace', () => {
  it('asks only what is to be asked, and that once somebody is there', async () => {
    const { watcher, timers, presence, asked } = setup();
    watcher.pace('none');
    presence.change({ visible: false });
    presence.change({ visible: true });
    await timers.advance(MINUTE_MS);
    expect(asked).toEqual([]);
    presence.change({ visible: false });
    watcher.checkNow();
    watcher.checkNow();
    presence.change({ visible: true });
    await timers.advance(MINUTE_MS);

    expect(asked).toEqual([60]);
  });
});

describe('what was on its way when everybody left', () => {
  it.each(['none', 'background', 'settling'] as const)('is asked again on return: %s', async (pace) => {
    const { watcher, timers, presence, asked, answers } = setup({ read: () => new Promise(() => undefined) });
    watcher.pace(pace);
    watcher.checkNow();
    await timers.advance(0);
    expect(asked).toEqual([0]);
    presence.change({ visible: false });
    await timers.advance(10_000);
    answers.read = () => OPEN;
    presence.change({ visible: true });
    await timers.advance(0);
    expect(asked).toEqual([0, 10]);
    watcher.stop();
  });
});

describe('a wish for a long pause', () => {
  it('ends with the next trouble, which has a pause of its own', async () => {
    const { watcher, timers, asked, answers } = setup({ read: () => ({ ...OPEN, retryAfterMs: 300_000 }) });
    watcher.pace('background');
    watcher.checkNow();
    await timers.advance(0);
    answers.read = () => new HandoffError('network', 'Gone.');
    watcher.pace('settling');
    await timers.advance(10_000);
    expect(asked.length).toBeGreaterThan(2);
    watcher.stop();
  });
});

describe('settling', () => {
  it('asks anew, and takes no answer to what was asked before', async () => {
    const before = deferred<Read>();
    const { watcher, timers, asked, heard, answers } = setup({ read: () => before.promise });
    watcher.pace('background');
    watcher.checkNow();
    await timers.advance(0);
    answers.read = () => OPEN;
    watcher.pace('settling');
    before.resolve({ answer: status('failed'), retryAfterMs: null });
    await timers.advance(0);
    expect([asked, heard]).toEqual([[0, 0], ['open']]);
    watcher.stop();
  });
});

describe('another pace', () => {
  it('waits for the answer that is on its way, and hears it', async () => {
    const answer = deferred<Read>();
    const { watcher, timers, asked, heard } = setup({ read: () => answer.promise });
    watcher.pace('none');
    watcher.checkNow();
    watcher.pace('background');
    await timers.advance(500);
    answer.resolve(OPEN);
    await timers.advance(0);

    expect({ asked, heard }).toEqual({ asked: [0], heard: ['open'] });
  });

  it('closes the stream, and leaves no timer where nothing is due', async () => {
    const signals: AbortSignal[] = [];
    const { watcher, timers } = setup({
      stream: (_onAnswer, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    watcher.start();
    watcher.pace('none');
    await settled();

    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(timers.pending).toBe(0);
  });

  it('and the same again begin schedule and horizon anew', async () => {
    const { watcher, timers, asked, horizons } = setup();
    watcher.start();
    await timers.advance(20 * MINUTE_MS);
    asked.length = 0;
    watcher.pace('settling');
    await timers.advance(15 * MINUTE_MS);

    expect(asked.slice(0, 5)).toEqual([1200, 1201, 1202, 1204, 1206]);
    expect(horizons).toEqual([900, 2100]);
  });
});

describe('checkNow', () => {
  it('asks at once, and the schedule goes on from there', async () => {
    const { watcher, timers, asked } = setup();
    watcher.start();
    await timers.advance(10_000);
    watcher.checkNow();
    await timers.advance(5_000);

    expect(asked).toEqual([0, 1, 2, 4, 6, 9, 10, 15]);
  });

  it('asks beside an open stream', async () => {
    const { watcher, timers, asked, heard } = setup({ stream: () => new Promise(() => undefined) });
    watcher.start();
    await timers.advance(1_000);

    watcher.checkNow();
    await timers.advance(0);

    expect(asked).toEqual([1]);
    expect(heard).toEqual(['open']);
  });

  it('does nothing before start and after stop', async () => {
    const { watcher, asked } = setup();

    watcher.checkNow();
    watcher.start();
    watcher.stop();
    watcher.checkNow();
    await settled();

    expect(asked).toEqual([0]);
  });
});

describe('streaming', () => {
  it('hears every answer of the stream and polls nothing beside it', async () => {
    let tell: ((answer: StatusAnswer) => void) | undefined;
    const { watcher, timers, asked, heard } = setup({
      stream: (onAnswer) => {
        tell = onAnswer;
        return new Promise(() => undefined);
      },
    });
    watcher.start();
    tell?.(status('open'));
    await timers.advance(2 * MINUTE_MS);
    tell?.(status('fulfilled'));

    expect(heard).toEqual(['open', 'fulfilled']);
    expect(asked).toEqual([]);
  });

  it('polls once a stream gave nothing, and tries the stream again on return', async () => {
    let opened = 0;
    const { watcher, timers, presence, asked, troubles } = setup({
      stream: () => {
        opened += 1;
        return Promise.reject(new HandoffError('unreadable', 'Not an event stream'));
      },
    });
    watcher.start();
    await timers.advance(4_000);
    expect(opened).toBe(1);
    expect(asked).toEqual([0, 1, 2, 4]);
    expect(troubles).toHaveLength(1);

    presence.change({ visible: false });
    presence.change({ visible: true });

    expect(opened).toBe(2);
  });

  it('opens a stream that spoke and ended again, not faster than it would poll', async () => {
    const opened: number[] = [];
    const { watcher, timers, asked } = setup({
      stream: (onAnswer) => {
        opened.push((timers.now() - START_MS) / 1_000);
        onAnswer(status('open'));
        return Promise.resolve();
      },
    });
    watcher.start();

    await timers.advance(10_000);

    expect(opened).toEqual([0, 1, 2, 4, 6, 9]);
    expect(asked).toEqual([]);
  });

  it('closes the stream while hidden', async () => {
    const signals: AbortSignal[] = [];
    const { watcher, timers, presence } = setup({
      stream: (_onAnswer, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    watcher.start();

    presence.change({ visible: false });
    expect(signals[0]?.aborted).toBe(true);
    await timers.advance(MINUTE_MS);
    expect(signals).toHaveLength(1);
    presence.change({ visible: true });

    expect(signals).toHaveLength(2);
  });

  it('hears nothing from a stream that goes on after it was closed', () => {
    let tell: ((answer: StatusAnswer) => void) | undefined;
    const { watcher, presence, heard } = setup({
      stream: (onAnswer) => {
        tell = onAnswer;
        return new Promise(() => undefined);
      },
    });
    watcher.start();

    presence.change({ online: false });
    tell?.(status('fulfilled'));

    expect(heard).toEqual([]);
  });
});

describe('the horizon', () => {
  it('comes once after fifteen minutes of asking, behind a last answer', async () => {
    const { watcher, timers, asked, horizons } = setup();
    watcher.start();

    await timers.advance(60 * MINUTE_MS);

    expect(horizons).toEqual([900]);
    expect(asked.at(-1)).toBe(900);
    expect(timers.pending).toBe(0);
  });

  it('comes in the middle of a stream, which it closes', async () => {
    let closed = false;
    const { watcher, timers, asked, horizons, troubles } = setup({
      stream: (onAnswer, signal) => {
        onAnswer(status('open'));
        signal.addEventListener('abort', () => (closed = true));
        return new Promise(() => undefined);
      },
    });
    watcher.start();

    await timers.advance(15 * MINUTE_MS);

    expect({ closed, asked, horizons, troubles }).toEqual({
      closed: true,
      asked: [900],
      horizons: [900],
      troubles: [],
    });
  });

  it('does not count absence', async () => {
    const { watcher, timers, presence, horizons } = setup();
    watcher.start();
    await timers.advance(10 * MINUTE_MS);
    presence.change({ visible: false });
    await timers.advance(60 * MINUTE_MS);
    presence.change({ visible: true });

    await timers.advance(5 * MINUTE_MS - 1);
    expect(horizons).toEqual([]);
    await timers.advance(1);

    expect(horizons).toHaveLength(1);
  });

  it('is not told when the last answer makes its owner stop', async () => {
    const { watcher, timers, horizons, answers } = setup({
      onAnswer: ({ status: of }) => {
        if (of === 'fulfilled') watcher.stop();
      },
    });
    watcher.start();
    await timers.advance(14 * MINUTE_MS);
    answers.read = () => ({ answer: status('fulfilled'), retryAfterMs: null });

    timers.sleep(60 * MINUTE_MS);
    await timers.advance(0);

    expect(horizons).toEqual([]);
  });

  it('leaves one question for each return, and for checkNow', async () => {
    const { watcher, timers, presence, asked, horizons } = setup({ horizonMs: 1_000 });
    watcher.start();
    await timers.advance(5_000);
    presence.change({ visible: false });
    presence.change({ visible: true });
    await timers.advance(5_000);
    watcher.checkNow();
    await timers.advance(5_000);

    expect(asked).toEqual([0, 1, 5, 10]);
    expect(horizons).toEqual([1]);
  });
});

describe('start and stop', () => {
  it('starts once', async () => {
    const { watcher, timers, asked, presence } = setup();
    watcher.start();
    watcher.start();
    await timers.advance(0);

    expect(asked).toEqual([0]);
    expect(presence.listeners).toBe(1);
  });

  it.each(['read', 'pause', 'stream'])('leaves nothing when it is stopped in a %s', async (during) => {
    const { watcher, timers, presence, heard, troubles } = setup({
      ...(during === 'read' ? { read: () => never() as unknown as Promise<Read> } : {}),
      ...(during === 'stream' ? { stream: () => new Promise<void>(() => undefined) } : {}),
    });
    watcher.start();
    await timers.advance(500);
    heard.length = 0;

    watcher.stop();

    expect(timers.pending).toBe(0);
    expect(presence.listeners).toBe(0);
    presence.change({ visible: true });
    await timers.advance(MINUTE_MS);
    expect({ heard, troubles }).toEqual({ heard: [], troubles: [] });
  });

  it('calls nothing back after a stop, however close behind the answer it comes', async () => {
    for (let microtasks = 0; microtasks < 12; microtasks += 1) {
      const answer = deferred<Read>();
      const { watcher, heard } = setup({ read: () => answer.promise });
      watcher.start();
      answer.resolve(OPEN);
      for (let count = 0; count < microtasks; count += 1) await Promise.resolve();
      const before = heard.length;
      watcher.stop();
      await settled();

      expect(heard).toHaveLength(before);
    }
  });

  it('begins schedule and horizon anew after a stop', async () => {
    const { watcher, timers, asked, horizons } = setup();
    watcher.start();
    await timers.advance(10 * MINUTE_MS);
    watcher.stop();
    asked.length = 0;

    watcher.start();
    await timers.advance(14 * MINUTE_MS);

    expect(asked.slice(0, 4)).toEqual([600, 601, 602, 604]);
    expect(horizons).toEqual([]);
  });
});
