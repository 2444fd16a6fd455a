/** The README's table of LedgerBee's topics, from the table that decides, between `<!-- topics -->` and `<!-- /topics -->`. */
import { SUBSCRIPTION_TOPICS } from '../../src/fulfillment/vendors/ledgerbee/topics.js';

/** @throws {Error} when the README has no place for it. */
export function withTopics(readme: string): string {
  const place = /(<!-- topics -->)[^]*?(<!-- \/topics -->)/;
  if (!place.test(readme)) throw new Error('README.md has no place for the topics');
  const rows = Object.entries(SUBSCRIPTION_TOPICS).map(([topic, comes]) => `| \`${topic}\` | ${comes} |`);
  const table = ['| Topic | What comes of it |', '| --- | --- |', ...rows].join('\n');
  return readme.replace(place, (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`);
}
