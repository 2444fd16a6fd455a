/** The kit's metrics as a page that Prometheus scrapes. */
import {
  METRICS,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type MetricName,
  type Metrics,
} from './metrics.js';

/**
 * Series of one metric. The kit's own labels need far fewer; what comes beyond is added up under `other`, so
 * that no mistake can grow the page, and the memory behind it, without end.
 */
const MAX_SERIES = 200;
/** @see Prometheus documentation, "Exposition formats" */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface Prometheus {
  /** For `createFulfillmentKit({ metrics })`. Several kits of one process may share it. */
  readonly metrics: Required<Metrics>;
  /** All metrics in the text format 0.0.4; ends in a line feed. */
  readonly text: () => string;
  /**
   * Answers a scrape. Asks for no password: mount it where only Prometheus comes, not under the kit's base path.
   * With Node: `toNodeHandler({ fetch: handler })`.
   */
  readonly handler: (request: Request) => Promise<Response>;
}

interface Histogram {
  /** How many values lay within each bound and above the one before. */
  readonly counts: number[];
  sum: number;
  count: number;
}

type Labels = Readonly<Record<string, string>>;

/** Collects in memory. Make one per process. */
export function prometheus(): Prometheus {
  const counters = new Map<CounterName, Map<string, number>>();
  const histograms = new Map<HistogramName, Map<string, Histogram>>();
  const gauges = new Map<GaugeName, Map<string, Set<() => number>>>();

  const metrics: Required<Metrics> = {
    count: (name, value, labels) => {
      const series = seriesOf(counters, name);
      const key = keyIn(series, name, labels);
      series.set(key, (series.get(key) ?? 0) + value);
    },
    observe: (name, value, labels) => {
      const series = seriesOf(histograms, name);
      const key = keyIn(series, name, labels);
      const { buckets } = METRICS[name];
      const histogram = series.get(key) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 };
      series.set(key, histogram);
      const index = buckets.findIndex((bound) => value <= bound);
      if (index >= 0) histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
      histogram.sum += value;
      histogram.count += 1;
    },
    gauge: (name, read, labels) => {
      const series = seriesOf(gauges, name);
      const key = keyIn(series, name, labels);
      const readers = series.get(key) ?? new Set();
      series.set(key, readers.add(read));
      return () => {
        readers.delete(read);
        if (readers.size === 0) series.delete(key);
      };
    },
  };

  const linesOf = (name: MetricName): string[] => {
    const { type } = METRICS[name];
    switch (type) {
      case 'counter':
        return [...(counters.get(name as CounterName) ?? [])].map(
          ([key, value]) => `${name}${braced(key)} ${number(value)}`,
        );
      case 'histogram':
        return [...(histograms.get(name as HistogramName) ?? [])].flatMap(([key, histogram]) =>
          histogramLines(name as HistogramName, key, histogram),
        );
      case 'gauge':
        return [...(gauges.get(name as GaugeName) ?? [])].flatMap(([key, readers]) =>
          gaugeLines(name as GaugeName, key, readers),
        );
    }
  };

  const text = (): string =>
    (Object.keys(METRICS) as MetricName[])
      .flatMap((name) => {
        const { help, type } = METRICS[name];
        return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...linesOf(name)];
      })
      .join('\n') + '\n';

  return {
    metrics,
    text,
    handler: (request) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
      return Promise.resolve(
        isRead
          ? new Response(request.method === 'HEAD' ? null : text(), {
              headers: { ...headers, 'Content-Type': CONTENT_TYPE },
            })
          : new Response(null, { status: 405, headers: { ...headers, Allow: 'GET, HEAD' } }),
      );
    },
  };
}

function seriesOf<Name, Value>(all: Map<Name, Map<string, Value>>, name: Name): Map<string, Value> {
  const series = all.get(name) ?? new Map<string, Value>();
  all.set(name, series);
  return series;
}

/** The label pairs as they stand on the page, in the order of the metric's own list. */
function keyIn(series: ReadonlyMap<string, unknown>, name: MetricName, labels: Labels): string {
  const names: readonly string[] = METRICS[name].labels;
  const key = names.map((label) => `${label}="${escapeLabel(labels[label] ?? '')}"`).join(',');
  return series.has(key) || series.size < MAX_SERIES
    ? key
    : names.map((label) => `${label}="other"`).join(',');
}

function histogramLines(name: HistogramName, key: string, { counts, sum, count }: Histogram): string[] {
  let below = 0;
  const buckets = METRICS[name].buckets.map((bound, index) => {
    below += counts[index] ?? 0;
    return `${name}_bucket${braced(join(key, `le="${number(bound)}"`))} ${number(below)}`;
  });
  return [
    ...buckets,
    `${name}_bucket${braced(join(key, 'le="+Inf"'))} ${number(count)}`,
    `${name}_sum${braced(key)} ${number(sum)}`,
    `${name}_count${braced(key)} ${number(count)}`,
  ];
}

function gaugeLines(name: GaugeName, key: string, readers: ReadonlySet<() => number>): string[] {
  const values = [...readers].map((read) => read()).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return [];
  const value =
    METRICS[name].together === 'max'
      ? Math.max(...values)
      : values.reduce((total, reading) => total + reading, 0);
  return [`${name}${braced(key)} ${number(value)}`];
}

function join(key: string, more: string): string {
  return key === '' ? more : `${key},${more}`;
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

/** As Go's ParseFloat reads it. */
function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
