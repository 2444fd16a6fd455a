import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SUBSCRIPTION_TOPICS } from '../../src/fulfillment/vendors/ledgerbee/topics.js';
import { SUBSCRIPTION_TOPICS as SENT } from '../../src/testing/ledgerbee/topics.js';
import { formatReadme } from '../support/format-readme.js';
import { withTopics } from '../support/readme-topics.js';

const README = new URL('../../README.md', import.meta.url);

describe("LedgerBee's topics", () => {
  it('are all thirteen that the vendor sends', () => {
    expect(Object.keys(SUBSCRIPTION_TOPICS)).toEqual([...SENT]);
    expect(SENT).toHaveLength(13);
  });

  it('each say on one line what comes of them', () => {
    const lines = Object.values(SUBSCRIPTION_TOPICS);
    expect(lines.filter((line) => !/^[A-Z][^\n|]+\.$/.test(line))).toEqual([]);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('are in the README as they are in the source; `npm run docs` writes them', async () => {
    const readme = await readFile(README, 'utf8');
    expect(await formatReadme(withTopics(readme))).toBe(readme);
  });
});
