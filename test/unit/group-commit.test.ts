/** Many at once, and never more than one at work. */
import { describe, expect, it } from 'vitest';
import { GroupCommit, QueueFullError } from '../../src/fulfillment/group-commit.js';

interface Batch {
  readonly items: readonly number[];
  /** Nothing but the commit itself is left. */
  readonly committing: () => void;
  readonly committed: () => void;
  readonly failed: (error: Error) => void;
}

/** A store whose every step a test takes by itself. */
class Store {
  readonly batches: Batch[] = [];
  /** Batches made ready, with items or without. */
  opened = 0;
  readonly commits: GroupCommit<number, string>;

  constructor(batchSize = 2) {
    this.commits = new GroupCommit({
      batchSize,
      queueSize: 10,
      commit: async (coming, committing) => {
        this.opened += 1;
        const items = await coming;
        return new Promise((resolve, reject) => {
          const committed = (): void => resolve(items.map((item) => `item ${item}`));
          this.batches.push({ items, committing, committed, failed: reject });
        });
      },
    });
  }

  get begun(): readonly (readonly number[])[] {
    return this.batches.map(({ items }) => items);
  }
}

/** Everything that can happen without a step of the test has happened. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a group commit', () => {
  it('begins the next batch only when the one before waits for nothing but its commit', async () => {
    const store = new Store();
    const added = [1, 2, 3, 4].map((item) => store.commits.add(item));
    await quiet();
    expect(store.begun).toEqual([[1, 2]]);
    store.batches[0]?.committing();
    await quiet();
    expect(store.begun).toEqual([
      [1, 2],
      [3, 4],
    ]);
    store.batches[1]?.committed();
    store.batches[0]?.committed();
    expect(await Promise.all(added)).toEqual(['item 1', 'item 2', 'item 3', 'item 4']);
  });

  it('makes one batch ready while another is at work, and none for nobody', async () => {
    const store = new Store(1);
    void store.commits.add(1);
    await quiet();
    expect(store.opened).toBe(1);
    const added = [2, 3].map((item) => store.commits.add(item));
    await quiet();
    expect([store.opened, store.begun]).toEqual([2, [[1]]]);
    store.batches[0]?.committed();
    await quiet();
    store.batches[1]?.committed();
    await quiet();
    store.batches[2]?.committed();
    await Promise.all(added);
    await quiet();
    expect([store.opened, store.begun]).toEqual([3, [[1], [2], [3]]]);
  });

  it('fails what it would have taken where it cannot be made ready', async () => {
    const commits = new GroupCommit<number, string>({
      batchSize: 2,
      queueSize: 10,
      commit: () => Promise.reject(new Error('no connection')),
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => commits.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await commits.close();
  });

  it('has no third batch under way, however long the first takes to commit', async () => {
    const store = new Store(1);
    const added = [1, 2, 3].map((item) => store.commits.add(item));
    await quiet();
    store.batches[0]?.committing();
    await quiet();
    store.batches[1]?.committing();
    store.batches[1]?.committed();
    await quiet();
    expect(store.begun).toEqual([[1], [2]]);
    store.batches[0]?.committed();
    await quiet();
    expect(store.begun).toEqual([[1], [2], [3]]);
    store.batches[2]?.committed();
    expect(await Promise.all(added)).toEqual(['item 1', 'item 2', 'item 3']);
  });

  it('begins what comes later while the last batch commits, and still no third', async () => {
    const store = new Store(1);
    const first = store.commits.add(1);
    await quiet();
    store.batches[0]?.committing();
    await quiet();
    const second = store.commits.add(2);
    const third = store.commits.add(3);
    await quiet();
    store.batches[1]?.committing();
    await quiet();
    expect(store.begun).toEqual([[1], [2]]);
    store.batches[0]?.committed();
    await quiet();
    expect(store.begun).toEqual([[1], [2], [3]]);
    for (const batch of store.batches) batch.committed();
    expect(await Promise.all([first, second, third])).toEqual(['item 1', 'item 2', 'item 3']);
  });

  it('leaves nobody waiting who comes in the very moment it comes to rest', async () => {
    for (let turns = 0; turns < 20; turns += 1) {
      const store = new Store();
      const first = store.commits.add(1);
      await quiet();
      store.batches[0]?.committed();
      await first;
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      void store.commits.add(2);
      await quiet();
      expect(store.begun, `${turns} turns later`).toEqual([[1], [2]]);
    }
  });

  it('fails the items of the batch that fails, and no others', async () => {
    const store = new Store(1);
    const first = store.commits.add(1);
    const second = store.commits.add(2);
    await quiet();
    store.batches[0]?.committing();
    await quiet();
    store.batches[0]?.failed(new Error('no disk'));
    store.batches[1]?.committed();
    await expect(first).rejects.toThrow('no disk');
    expect(await second).toBe('item 2');
  });

  it('goes on after a batch that never said it was committing', async () => {
    const store = new Store(1);
    const first = store.commits.add(1);
    const second = store.commits.add(2);
    await quiet();
    store.batches[0]?.failed(new Error('no disk'));
    await expect(first).rejects.toThrow('no disk');
    await quiet();
    store.batches[1]?.committed();
    expect(await second).toBe('item 2');
  });

  it('closes when all that it took is settled, and takes nothing more', async () => {
    const store = new Store(1);
    const added = [store.commits.add(1), store.commits.add(2)];
    await quiet();
    store.batches[0]?.committing();
    await quiet();
    let closed = false;
    const closing = store.commits.close().then(() => (closed = true));
    await expect(store.commits.add(3)).rejects.toThrow(QueueFullError);
    store.batches[0]?.committed();
    store.batches[1]?.committing();
    await quiet();
    expect(closed).toBe(false);
    store.batches[1]?.committed();
    await closing;
    expect(await Promise.all(added)).toEqual(['item 1', 'item 2']);
  });
});
