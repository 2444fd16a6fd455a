/** The parts of the command line that need no database. */
import { describe, expect, it } from 'vitest';
import { placeOf, redact, secretsOf } from '../../src/commands/database-url.js';
import { nearest } from '../../src/fulfillment/nearest.js';
import { Progress } from '../../src/commands/progress.js';
import { pairs, plain, table } from '../../src/commands/text.js';

describe('the nearest word', () => {
  it.each([
    ['ordres', 'orders'],
    ['Orders', 'orders'],
    ['order', 'orders'],
    ['migarte', 'migrate'],
    ['xyz', null],
    ['', null],
  ])('to %j is %j', (word, meant) => {
    expect(nearest(word, ['orders', 'migrate', 'reconcile'])).toBe(meant);
  });
});

describe('a database’s address', () => {
  const url = 'postgres://shop:p%40ss@db.example:6432/main?sslmode=require';

  it('is shown without its password', () => {
    expect(placeOf(url)).toBe('shop@db.example:6432/main');
    expect(placeOf('postgres:///main')).toBe('localhost:5432/main');
  });

  it('has its secrets struck out of any text, as they are written and as they are meant', () => {
    const text = `could not use ${url}: password p@ss or p%40ss`;
    expect(redact(text, secretsOf(url))).toBe('could not use ***: password *** or ***');
  });

  it('that is none is a secret as a whole', () => {
    expect(redact('what is s3cret?', secretsOf('s3cret'))).toBe('what is ***?');
    expect(redact('nothing', secretsOf(undefined))).toBe('nothing');
  });
});

describe('text for a terminal', () => {
  it('stands in columns, without what would move a cursor', () => {
    expect(
      table(
        ['ORDER', 'WHY'],
        [
          ['a', 'x\u001b[2J'],
          ['order-1', ''],
        ],
      ),
    ).toBe('ORDER    WHY\na        x\ufffd[2J\norder-1');
    expect(plain('a\u202eb\nc')).toBe('a\ufffdb\ufffdc');
  });

  it('leaves out evidence that says nothing', () => {
    expect(pairs({ a: 'x', b: null, c: 2, d: '' })).toBe('a=x c=2');
  });
});

/** Back to the start of the line, and all of it away. */
const CLEAR = '\r\u001b[2K';

describe('progress', () => {
  const watch = (isTerminal: boolean, silentMs: number) => {
    let written = '';
    let isSeen = (): void => undefined;
    const seen = new Promise<void>((resolve) => (isSeen = resolve));
    const write = (text: string): void => {
      written += text;
      isSeen();
    };
    return { progress: new Progress({ write, isTerminal, silentMs }), seen, written: () => written };
  };

  it('says nothing about what takes no longer than a moment', async () => {
    const { progress, written } = watch(true, 60_000);
    expect(await progress.during('Working', () => Promise.resolve(7))).toBe(7);
    expect(written()).toBe('');
  });

  it('writes its line over on a terminal, and leaves none behind', async () => {
    const { progress, seen, written } = watch(true, 0);
    await progress.during('Working', async (say) => {
      say('Working: 3');
      await seen;
    });
    const shown = written().split(CLEAR);
    expect(shown.slice(1, -1)).not.toEqual([]);
    expect(new Set(shown.slice(1, -1))).toEqual(new Set(['Working: 3 …']));
    expect(shown.at(-1)).toBe('');
  });

  it('adds plain lines to a log', async () => {
    const { progress, seen, written } = watch(false, 0);
    await progress.during('Working', () => seen);
    expect(written()).toBe('Working …\n');
  });

  it('passes a failure on, and leaves no line behind', async () => {
    const { progress, seen, written } = watch(true, 0);
    const work = progress.during('Working', async () => {
      await seen;
      throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    expect(written().endsWith(CLEAR)).toBe(true);
  });
});
