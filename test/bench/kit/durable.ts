/**
 * Deliveries made durable per second over HTTP, against what the same machine inserts bare, and against the same
 * kit with a transaction for each request. In every round each side runs once, in an order of its own.
 */
import { createWebhookSecret } from '../../../src/testing/ledgerbee/signer.js';
import type { Rounds, Say } from '../bench.js';
import { ratioFigure, type Figure } from '../report.js';
import { estimate, interleave, median, ratios, type Estimate } from '../stats.js';
import type { Programs } from './build-programs.js';
import type { Server } from './conditions.js';
import type { BareAnswer, BareInput, BareQuestion } from './programs/bare-inserts.js';
import type { LoadAnswer, LoadInput, LoadQuestion } from './programs/load.js';
import type { ReceiverInput, ReceiverReady } from './programs/receiver.js';

const CONNECTIONS = 64;
const ROUNDS = 14;
/** Of one side in one round. */
const WINDOW = { warmUpMs: 300, durationMs: 1500 };
/** Deliveries made beforehand for each second: more than a receiver takes. */
const MADE_PER_SECOND = 20_000;
const SIDES = ['bare', 'barePrepared', 'together', 'alone'] as const;

const OF_BARE = { text: 'median ≥ 0.50', holds: (found: Estimate) => found.median >= 0.5 };
const OF_ALONE = { text: 'median ≥ 4', holds: (found: Estimate) => found.median >= 4 };

export async function measureDurable(
  programs: Programs,
  server: Server,
  rounds: Rounds,
  say: Say,
): Promise<Figure[]> {
  const databaseUrl = await server.database();
  const bare = await programs.start<object>('bare-inserts', {
    databaseUrl,
    connections: CONNECTIONS,
  } satisfies BareInput);
  const together = await startSide(programs, { databaseUrl, schema: 'together', commits: 'together' });
  const alone = await startSide(programs, {
    databaseUrl,
    schema: 'alone',
    commits: { alone: CONNECTIONS },
  });
  const insert = async (prepared: boolean): Promise<number> => {
    const { inserted, seconds } = await bare.ask<BareAnswer>({
      ...WINDOW,
      prepared,
    } satisfies BareQuestion);
    return inserted / seconds;
  };
  const perSecond = {
    bare: () => insert(false),
    barePrepared: () => insert(true),
    together: () => together.perSecond(),
    alone: () => alone.perSecond(),
  };
  const total = rounds(ROUNDS);
  const found = await interleave(
    SIDES,
    total,
    (side) => perSecond[side](),
    (done) => say(`deliveries: ${done} of ${total} rounds`),
  );
  await Promise.all([bare.stop(), together.stop(), alone.stop()]);
  const rate = (side: (typeof SIDES)[number]): string => `${Math.round(median(found[side]))}/s`;
  const how = `${CONNECTIONS} keep-alive connections, signed deliveries of new orders of 0.8 kB, load from a process of its own, ${total} × ${WINDOW.durationMs / 1000} s each; ${together.latency()}`;
  return [
    ratioFigure(
      'deliveries over HTTP ÷ bare inserts',
      estimate(ratios(found.together, found.bare)),
      OF_BARE,
      `${rate('together')} ÷ ${rate('bare')} of \`pool.query(INSERT …)\` on ${CONNECTIONS} connections; ${how}`,
    ),
    ratioFigure(
      'the same ÷ bare prepared inserts',
      estimate(ratios(found.together, found.barePrepared)),
      null,
      `${rate('together')} ÷ ${rate('barePrepared')} with the statement parsed once per connection`,
    ),
    ratioFigure(
      'the same ÷ a transaction for each',
      estimate(ratios(found.together, found.alone)),
      OF_ALONE,
      `${rate('together')} ÷ ${rate('alone')} of the same statements, ${CONNECTIONS} transactions at a time on as many connections`,
    ),
  ];
}

async function startSide(
  programs: Programs,
  input: Omit<ReceiverInput, 'secret'>,
): Promise<{
  readonly perSecond: () => Promise<number>;
  readonly latency: () => string;
  readonly stop: () => Promise<void>;
}> {
  const secret = createWebhookSecret();
  const receiver = await programs.start<ReceiverReady>('receiver', {
    ...input,
    secret,
  } satisfies ReceiverInput);
  const load = await programs.start<object>('load', {
    port: receiver.ready.port,
    secret,
    connections: CONNECTIONS,
  } satisfies LoadInput);
  const latencies: LoadAnswer['latenciesMs'][] = [];
  return {
    perSecond: async () => {
      const { accepted, refused, seconds, latenciesMs } = await load.ask<LoadAnswer>({
        ...WINDOW,
        prepare: Math.ceil((MADE_PER_SECOND * (WINDOW.warmUpMs + WINDOW.durationMs)) / 1000),
      } satisfies LoadQuestion);
      if (refused > 0) throw new Error(`${refused} genuine deliveries were refused`);
      latencies.push(latenciesMs);
      return accepted / seconds;
    },
    latency: () => {
      const [p50, p99] = (['p50', 'p99'] as const).map((share) => median(latencies.map((one) => one[share])));
      return `answered in ${p50?.toFixed(1) ?? '?'} ms (p50), ${p99?.toFixed(1) ?? '?'} ms (p99)`;
    },
    stop: async () => {
      await load.stop();
      await receiver.stop();
    },
  };
}
