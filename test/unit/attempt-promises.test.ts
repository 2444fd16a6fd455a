import { expect, it } from 'vitest';
import { AttemptPromises } from '../../src/element/attempt-promises.js';

it('what begins after an end has promises of its own, also where nothing had begun before', async () => {
  const promises = new AttemptPromises();
  const { ready, outcome } = promises;
  promises.end();
  promises.beginAttempt();
  promises.beginLoad();
  expect([await ready, await outcome]).toEqual([false, 'closed']);
  expect([promises.ready === ready, promises.outcome === outcome]).toEqual([false, false]);
});
