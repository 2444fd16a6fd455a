/** What the kit counts and measures: the names in one list, and the interface through which a host hears of them. */

interface MetricDescription {
  readonly type: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  /** Their values come from closed lists of the kit, never from a request, a delivery or a merchant's error. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending. */
  readonly buckets?: readonly number[];
  /** What the readings of several kits in one process come to. */
  readonly together?: 'sum' | 'max';
}

/** From a commit on a local disk to the longest lease, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Every metric of the kit. Names follow Prometheus' rules; other systems may map them. */
export const METRICS = {
  checkout_embed_deliveries_total: {
    type: 'counter',
    help: 'Deliveries answered. outcome: recorded, repeated, to_review, marked or parked (unsigned), refused (signature, time or form), unavailable (503).',
    labels: ['vendor', 'outcome'],
  },
  checkout_embed_delivery_batch_size: {
    type: 'histogram',
    help: 'Deliveries in one committed transaction.',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  },
  checkout_embed_delivery_commit_seconds: {
    type: 'histogram',
    help: 'Duration of one receiving transaction that was committed.',
    labels: [],
    buckets: SECONDS,
  },
  checkout_embed_delivery_queue_depth: {
    type: 'gauge',
    help: 'Deliveries of this process that wait for the next transaction.',
    labels: [],
    together: 'sum',
  },
  checkout_embed_effects_total: {
    type: 'counter',
    help: 'Runs of effects. outcome: done, failed (run again), late (its claim had ended), released (the kit closed), dead_letter, unknown (a person is asked).',
    labels: ['kind', 'outcome'],
  },
  checkout_embed_effect_seconds: {
    type: 'histogram',
    help: 'Duration of one run of an effect, its transactions included.',
    labels: ['kind'],
    buckets: SECONDS,
  },
  checkout_embed_dead_letters_total: {
    type: 'counter',
    help: 'Effects whose tries ran out. Alert on any increase: paid orders wait for a person.',
    labels: ['kind'],
  },
  checkout_embed_reviews_opened_total: {
    type: 'counter',
    help: 'Reviews opened by this process, by reason.',
    labels: ['reason'],
  },
  checkout_embed_vendor_calls_total: {
    type: 'counter',
    help: "Calls to a vendor's API. outcome: ok, absent (it has no such subject), unbound (no bind token), or the code of the error.",
    labels: ['vendor', 'operation', 'outcome'],
  },
  checkout_embed_vendor_call_seconds: {
    type: 'histogram',
    help: "Duration of one call to a vendor's API, its own retries included.",
    labels: ['vendor', 'operation'],
    buckets: SECONDS,
  },
  checkout_embed_oldest_due_seconds: {
    type: 'gauge',
    help: 'For how long the oldest due row of a job has waited, in the whole database; read every 15 s. job: reconcile, refetch, parked, settlements, effects.',
    labels: ['job'],
    together: 'max',
  },
  checkout_embed_streams_open: {
    type: 'gauge',
    help: 'Status streams open in this process.',
    labels: [],
    together: 'sum',
  },
  checkout_embed_refusals_total: {
    type: 'counter',
    help: "Requests refused, by the code of the answer's body.",
    labels: ['code'],
  },
} as const satisfies Readonly<Record<string, MetricDescription>>;

export type MetricName = keyof typeof METRICS;
type Of<Type extends MetricDescription['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type CounterName = Of<'counter'>;
export type HistogramName = Of<'histogram'>;
export type GaugeName = Of<'gauge'>;

/** Each of the metric's labels, with its value. */
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['labels'][number], string>
>;

/**
 * A host's way to hear numbers, e.g. `prometheus()` from `checkout-embed/fulfillment/prometheus`. Called on the
 * path of every delivery: it must be quick. What it throws is dropped.
 */
export interface Metrics {
  /** @param value 1 or more. */
  count<Name extends CounterName>(name: Name, value: number, labels: LabelsOf<Name>): void;
  /** @param value Seconds, or a number of things, as the metric's name says. */
  observe<Name extends HistogramName>(name: Name, value: number, labels: LabelsOf<Name>): void;
  /**
   * Offers a value to be read whenever it is wanted. Absent: the host wants none.
   * @param read Cheap and without side effects; `NaN` where nothing is known (yet).
   * @returns what ends the offer: the kit has closed.
   */
  gauge?<Name extends GaugeName>(name: Name, read: () => number, labels: LabelsOf<Name>): () => void;
}

/** Metrics that can be called anywhere: what throws must not turn a commit into a failure. */
export function safeMetrics(metrics: Metrics): Required<Metrics> {
  const quietly = <T>(call: () => T, otherwise: T): T => {
    try {
      return call();
    } catch {
      return otherwise;
    }
  };
  const nothing = (): void => undefined;
  return {
    count: (name, value, labels) => quietly(() => metrics.count(name, value, labels), undefined),
    observe: (name, value, labels) => quietly(() => metrics.observe(name, value, labels), undefined),
    gauge: (name, read, labels) => {
      const stop = quietly(() => metrics.gauge?.(name, read, labels), undefined) ?? nothing;
      return () => quietly(stop, undefined);
    },
  };
}

/** Starts a stopwatch. @returns what reads it, in seconds. Not by the kit's clock, which may jump. */
export function stopwatch(): () => number {
  const startedMs = performance.now();
  return () => (performance.now() - startedMs) / 1000;
}
