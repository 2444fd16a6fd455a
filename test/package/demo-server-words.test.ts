/** What the demo's PostgreSQL says at its start: heard whole, kept in part. */
import { expect, it } from 'vitest';
import { ServerWords } from '../../demo/postgres/server-words.js';

const READY = 'LOG:  database system is ready to accept connections\n';
const REFUSALS = 'FATAL:  the database system is starting up\n'.repeat(500);

it.each([
  ['alone', [READY]],
  ['before many refusals in the same chunk', [READY + REFUSALS]],
  ['after them', [REFUSALS + READY]],
  ['in two chunks', [READY.slice(0, 30), READY.slice(30)]],
  ['after a chunk of refusals', [REFUSALS, READY]],
])('that it is ready is heard %s, for good', (_, chunks) => {
  const words = new ServerWords();
  for (const chunk of chunks) words.hear(chunk);
  words.hear(REFUSALS);
  expect(words.isReady).toBe(true);
});

it('is not ready before it says so, and its last words are kept', () => {
  const words = new ServerWords();
  words.hear(REFUSALS);
  words.hear('FATAL:  could not map shared memory\n');
  expect(words.isReady).toBe(false);
  expect(words.last).toMatch(/could not map shared memory\n$/);
  expect(words.last.length).toBeLessThan(REFUSALS.length);
});
