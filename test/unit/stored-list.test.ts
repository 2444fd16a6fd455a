import { describe, expect, it } from 'vitest';
import { StoredList } from '../../src/core/stored-list.js';
import { FakeStore } from './core-fakes.js';

const KEY = 'list';

function open(store: FakeStore | null, max = 20): StoredList<string> {
  return new StoredList(store, KEY, max, (value) => (typeof value === 'string' ? value : null));
}

describe('a list whose storage takes nothing', () => {
  it('makes what it refused again upon what others wrote meanwhile', () => {
    const store = new FakeStore();
    store.setItem(KEY, '["theirs"]');
    store.isFull = true;
    const list = open(store);
    list.update((items) => [...items, 'ours']);
    store.isFull = false;
    store.setItem(KEY, '["theirs","later"]');

    expect(list.read()).toEqual(['theirs', 'later', 'ours']);
    list.update((items) => items.filter((item) => item !== 'theirs'));
    expect(open(store).read()).toEqual(['later', 'ours']);
  });

  it('is the page’s alone as long as it is refused', () => {
    const store = new FakeStore();
    store.isFull = true;
    open(store).update((items) => [...items, 'ours']);
    store.isFull = false;

    expect(open(store).read()).toEqual([]);
  });

  it('shows no entry that is none, whoever made it', () => {
    const list = open(null);
    list.update((items) => [...items, 1 as unknown as string, 'one']);

    expect(list.read()).toEqual(['one']);
  });

  it.each([
    ['none', null],
    ['a full one', Object.assign(new FakeStore(), { isFull: true })],
  ])('keeps the newest, and remembers no more the longer it goes on: %s', (_, store) => {
    const list = open(store);
    let made = 0;
    for (let index = 0; index < 1000; index += 1) {
      list.update((items) => {
        made += 1;
        return [...items, `item-${index}`];
      });
    }
    const before = made;

    expect(list.read()).toHaveLength(20);
    expect(list.read().at(-1)).toBe('item-999');
    expect(made - before).toBeLessThanOrEqual(200);
  });
});
