/** The page that Prometheus scrapes, in the text format 0.0.4. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { JOBS } from '../../src/fulfillment/backlog.js';
import { METRICS, type MetricName } from '../../src/fulfillment/metrics.js';
import { prometheus } from '../../src/fulfillment/prometheus.js';

const linesOf = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(name));

describe('the metrics of the kit', () => {
  it.each(Object.entries(METRICS))('%s are named and described as Prometheus asks', (name, description) => {
    expect(name).toMatch(/^checkout_embed_[a-z_]+$/);
    expect(description.type === 'counter').toBe(name.endsWith('_total'));
    expect(description.help).toMatch(/\.$/);
    for (const label of description.labels) expect(label).toMatch(/^[a-z]+$/);
    if ('buckets' in description) {
      expect([...description.buckets].sort((a, b) => a - b)).toEqual(description.buckets);
      expect(description.labels).not.toContain('le');
    }
  });

  it('are all in the README’s table, with their labels', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const section = /^### Metrics\n(.*?)^### /ms.exec(readme)?.[1] ?? '';
    const rows = section.split('\n').flatMap((line) => {
      const [, names = '', labels = ''] = line.split('|').map((cell) => cell.trim());
      return [...names.matchAll(/`([a-z_]+)`/g)].map(([, name]) => ({
        name: `checkout_embed_${name}`,
        labels,
      }));
    });
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(METRICS).sort());
    // A duration stands beside its counter, which has the outcome too.
    for (const { name, labels } of rows) {
      for (const label of METRICS[name as MetricName].labels) expect(labels.split(', ')).toContain(label);
    }
    const [, jobs = ''] = /job: ([a-z, ]+)\./.exec(METRICS.checkout_embed_oldest_due_seconds.help) ?? [];
    expect(jobs.split(', ')).toEqual([...JOBS]);
  });
});

describe('prometheus()', () => {
  it('begins with the help and the type of every metric, once each, and ends in a line feed', () => {
    const text = prometheus().text();
    for (const name of Object.keys(METRICS) as MetricName[]) {
      expect(linesOf(text, `# HELP ${name} `)).toHaveLength(1);
      expect(linesOf(text, `# TYPE ${name} `)).toEqual([`# TYPE ${name} ${METRICS[name].type}`]);
    }
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toContain('\n\n');
  });

  it('adds up a counter, series by series', () => {
    const { metrics, text } = prometheus();
    metrics.count('checkout_embed_deliveries_total', 1, { vendor: 'ledgerbee', outcome: 'recorded' });
    metrics.count('checkout_embed_deliveries_total', 2, { outcome: 'recorded', vendor: 'ledgerbee' });
    metrics.count('checkout_embed_deliveries_total', 1, { vendor: 'ledgerbee', outcome: 'refused' });
    expect(linesOf(text(), 'checkout_embed_deliveries_total')).toEqual([
      'checkout_embed_deliveries_total{vendor="ledgerbee",outcome="recorded"} 3',
      'checkout_embed_deliveries_total{vendor="ledgerbee",outcome="refused"} 1',
    ]);
  });

  it('writes a histogram as ascending buckets up to +Inf, with its sum and its count', () => {
    const { metrics, text } = prometheus();
    for (const size of [1, 1, 3, 128, 500]) metrics.observe('checkout_embed_delivery_batch_size', size, {});
    expect(linesOf(text(), 'checkout_embed_delivery_batch_size')).toEqual([
      'checkout_embed_delivery_batch_size_bucket{le="1"} 2',
      'checkout_embed_delivery_batch_size_bucket{le="2"} 2',
      'checkout_embed_delivery_batch_size_bucket{le="4"} 3',
      'checkout_embed_delivery_batch_size_bucket{le="8"} 3',
      'checkout_embed_delivery_batch_size_bucket{le="16"} 3',
      'checkout_embed_delivery_batch_size_bucket{le="32"} 3',
      'checkout_embed_delivery_batch_size_bucket{le="64"} 3',
      'checkout_embed_delivery_batch_size_bucket{le="128"} 4',
      'checkout_embed_delivery_batch_size_bucket{le="+Inf"} 5',
      'checkout_embed_delivery_batch_size_sum 633',
      'checkout_embed_delivery_batch_size_count 5',
    ]);
  });

  it('puts a histogram’s own labels before the bound', () => {
    const { metrics, text } = prometheus();
    metrics.observe('checkout_embed_effect_seconds', 0.3, { kind: 'fulfill' });
    expect(linesOf(text(), 'checkout_embed_effect_seconds')).toEqual(
      expect.arrayContaining([
        'checkout_embed_effect_seconds_bucket{kind="fulfill",le="0.25"} 0',
        'checkout_embed_effect_seconds_bucket{kind="fulfill",le="0.5"} 1',
        'checkout_embed_effect_seconds_sum{kind="fulfill"} 0.3',
        'checkout_embed_effect_seconds_count{kind="fulfill"} 1',
      ]),
    );
  });

  it('escapes what would end a label', () => {
    const { metrics, text } = prometheus();
    metrics.count('checkout_embed_refusals_total', 1, { code: 'a"b\\c\nd' });
    expect(linesOf(text(), 'checkout_embed_refusals_total')).toEqual([
      String.raw`checkout_embed_refusals_total{code="a\"b\\c\nd"} 1`,
    ]);
  });

  it('keeps a bounded number of series, and adds up the rest as other', () => {
    const { metrics, text } = prometheus();
    for (let code = 0; code < 10_000; code += 1) {
      metrics.count('checkout_embed_refusals_total', 1, { code: String(code) });
    }
    const lines = linesOf(text(), 'checkout_embed_refusals_total');
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toBe('checkout_embed_refusals_total{code="other"} 9800');
  });

  it('reads a gauge when it is asked, adds up several kits, and leaves out what is unknown or gone', () => {
    const { metrics, text } = prometheus();
    let streams = 3;
    const stop = metrics.gauge('checkout_embed_streams_open', () => streams, {});
    metrics.gauge('checkout_embed_streams_open', () => 10, {});
    metrics.gauge('checkout_embed_oldest_due_seconds', () => 4, { job: 'refetch' });
    metrics.gauge('checkout_embed_oldest_due_seconds', () => 9, { job: 'refetch' });
    metrics.gauge('checkout_embed_oldest_due_seconds', () => Number.NaN, { job: 'effects' });
    expect(linesOf(text(), 'checkout_embed_streams_open')).toEqual(['checkout_embed_streams_open 13']);
    expect(linesOf(text(), 'checkout_embed_oldest_due_seconds')).toEqual([
      'checkout_embed_oldest_due_seconds{job="refetch"} 9',
    ]);
    streams = 5;
    expect(linesOf(text(), 'checkout_embed_streams_open')).toEqual(['checkout_embed_streams_open 15']);
    stop();
    expect(linesOf(text(), 'checkout_embed_streams_open')).toEqual(['checkout_embed_streams_open 10']);
  });

  it('answers a scrape with the format’s own type, and nothing else but reading', async () => {
    const { handler, text } = prometheus();
    const answer = await handler(new Request('http://metrics.test/metrics'));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toBe(text());
    expect((await handler(new Request('http://metrics.test/metrics', { method: 'POST' }))).status).toBe(405);
  });
});
