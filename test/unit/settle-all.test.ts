import { expect, it } from 'vitest';
import { settleAll } from '../../src/fulfillment/settle-all.js';

it('a round that fails in one place is waited for to its end, and then told of', async () => {
  let end = (): void => undefined;
  const slow = new Promise<void>((resolve) => (end = resolve));
  const events: string[] = [];
  const round = settleAll([
    Promise.reject(new Error('first')),
    slow.then(() => void events.push('slow ended')),
  ]).catch((error: unknown) => void events.push((error as Error).message));
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual([]);
  end();
  await round;
  expect(events).toEqual(['slow ended', 'first']);
});
