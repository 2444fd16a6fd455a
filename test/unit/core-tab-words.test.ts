/** What one tab tells another, over channels written by hand. */
import { describe, expect, it } from 'vitest';
import {
  TabWords,
  type SpokenWord,
  type TabChannel,
  type TabListener,
  type TabSubject,
} from '../../src/core/tab-words.js';

const BASE = 'https://shop.example/checkout';
const ORDER: TabSubject = { base: BASE, key: { vendor: 'ledgerbee', order: 'ord_1' }, attemptId: null };

/** A browser's channels of one name. */
class Air {
  readonly channels = new Set<FakeChannel>();
  readonly sent: unknown[] = [];

  readonly open = (): TabChannel => new FakeChannel(this);
}

class FakeChannel implements TabChannel {
  onmessage: TabChannel['onmessage'] = null;
  readonly #air: Air;

  constructor(air: Air) {
    this.#air = air;
    air.channels.add(this);
  }

  postMessage(data: unknown): void {
    this.#air.sent.push(data);
    for (const other of this.#air.channels)
      if (other !== this) other.onmessage?.({ data } as MessageEvent<unknown>);
  }

  close(): void {
    this.#air.channels.delete(this);
  }
}

interface Ears extends TabListener {
  readonly words: SpokenWord[];
}

function ears(subject: TabSubject): Ears {
  const words: SpokenWord[] = [];
  return { words, subject: () => subject, onWord: (word) => words.push(word) };
}

describe('a word', () => {
  it.each<[string, Partial<TabSubject>, boolean]>([
    ['the same order', {}, true],
    [
      'the same order under another plan',
      { key: { vendor: 'ledgerbee', order: 'ord_1', plan: 'pro' } },
      true,
    ],
    ['another order', { key: { vendor: 'ledgerbee', order: 'ord_2' } }, false],
    ['the same order at another backend', { base: 'https://shop.example/other' }, false],
    [
      'the same attempt under another key',
      { key: { vendor: 'ledgerbee', plan: 'pro' }, attemptId: 'att_1' },
      true,
    ],
    ['another attempt under another key', { key: { vendor: 'ledgerbee' }, attemptId: 'att_2' }, false],
  ])('is heard of %s: %#', (_, change, isHeard) => {
    const air = new Air();
    const [here, there] = [
      new TabWords(air.open, new EventTarget()),
      new TabWords(air.open, new EventTarget()),
    ];
    const speaker = ears({ ...ORDER, attemptId: 'att_1' });
    const listener = ears({ ...ORDER, ...change });
    here.join(speaker);
    there.join(listener);

    here.say(speaker, 'confirmed');

    expect(listener.words).toEqual(isHeard ? ['confirmed'] : []);
    expect(speaker.words).toEqual([]);
  });

  it.each<[string, TabSubject]>([
    ['names neither order nor plan', { base: BASE, key: { vendor: 'ledgerbee' }, attemptId: null }],
    ['names a plan and no backend', { base: '', key: { vendor: 'ledgerbee', plan: 'pro' }, attemptId: null }],
  ])('of a page that %s is about nobody else', (_, subject) => {
    const air = new Air();
    const [here, there] = [
      new TabWords(air.open, new EventTarget()),
      new TabWords(air.open, new EventTarget()),
    ];
    const [speaker, listener] = [ears(subject), ears(subject)];
    here.join(speaker);
    there.join(listener);

    here.say(speaker, 'confirmed');

    expect(listener.words).toEqual([]);
  });

  it('reaches the other attempts of its own page, also where there is no channel', () => {
    const page = new TabWords(() => null, new EventTarget());
    const [speaker, listener] = [ears(ORDER), ears(ORDER)];
    page.join(speaker);
    page.join(listener);

    page.say(speaker, 'pending');

    expect([speaker.words, listener.words]).toEqual([[], ['pending']]);
  });

  it('carries the order, the attempt and itself, and nothing else', () => {
    const air = new Air();
    const page = new TabWords(air.open, new EventTarget());
    const speaker = ears({ ...ORDER, attemptId: 'att_1' });
    page.join(speaker);

    page.say(speaker, 'settled');

    expect(air.sent).toEqual([
      { v: 1, base: BASE, key: '["ledgerbee","ord_1",""]', attempt: 'att_1', word: 'settled' },
    ]);
  });

  it.each([
    null,
    'confirmed',
    {},
    { v: 2, base: BASE, key: '["ledgerbee","ord_1",""]', attempt: null, word: 'confirmed' },
    { v: 1, base: BASE, key: '["ledgerbee","ord_1",""]', attempt: null, word: 'failed' },
    { v: 1, base: BASE, key: '["ledgerbee","ord_1",""]', attempt: {}, word: 'confirmed' },
    { v: 1, key: '["ledgerbee","ord_1",""]', attempt: null, word: 'confirmed' },
    { v: 1, base: BASE, attempt: null, word: 'confirmed' },
  ])('of another shape is not heard: %j', (data) => {
    const air = new Air();
    const listener = ears(ORDER);
    new TabWords(air.open, new EventTarget()).join(listener);

    expect(() => air.open().postMessage(data)).not.toThrow();

    expect(listener.words).toEqual([]);
  });
});

describe('the channel', () => {
  it('is one for all who listen, and goes with the last of them', () => {
    const air = new Air();
    const page = new TabWords(air.open, new EventTarget());
    const leave = [page.join(ears(ORDER)), page.join(ears(ORDER))];
    expect(air.channels.size).toBe(1);

    leave[0]?.();
    expect(air.channels.size).toBe(1);
    leave[1]?.();
    leave[1]?.();
    expect(air.channels.size).toBe(0);

    page.join(ears(ORDER));
    expect(air.channels.size).toBe(1);
  });

  it('is closed while the page is hidden in the history, and open again when it is shown', () => {
    const air = new Air();
    const shown = new EventTarget();
    const page = new TabWords(air.open, shown);
    const listener = ears(ORDER);
    const leave = page.join(listener);

    shown.dispatchEvent(new Event('pagehide'));
    expect(air.channels.size).toBe(0);
    expect(() => page.say(ears(ORDER), 'pending')).not.toThrow();
    listener.words.length = 0;

    shown.dispatchEvent(new Event('pageshow'));
    shown.dispatchEvent(new Event('pageshow'));
    expect(air.channels.size).toBe(1);
    const other = new TabWords(air.open, new EventTarget());
    other.join(ears(ORDER));
    other.say(ears(ORDER), 'confirmed');
    expect(listener.words).toEqual(['confirmed']);

    leave();
    shown.dispatchEvent(new Event('pageshow'));
    expect(air.channels.size).toBe(1);
  });
});
