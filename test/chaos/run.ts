/**
 * `npm run chaos`: real processes, a real PostgreSQL, everything broken that can be, and then: was anything lost,
 * was anything done twice? `--short` is the minute that runs in `npm test`, `--seed` repeats a run's choices,
 * `--verbose` shows the kit's own warnings, `--report <file>` writes the counts. Ends with 1 when a claim broke.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleScripts } from './bundle.js';
import { ChaosDatabase } from './database.js';
import { runKit } from './kit-run.js';
import { runNaive } from './naive-run.js';
import { randomFrom } from './random.js';
import { count, describe, type Outcome } from './report.js';
import { LONG, SHORT } from './scale.js';
import { ledgerbeeVendor } from './vendors/ledgerbee.js';
import { ledyerVendor } from './vendors/ledyer.js';
import { siglumeVendor } from './vendors/siglume.js';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    verbose: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
});
const { seed, verbose } = values;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const cleaners: (() => Promise<void>)[] = [];
let cleaning: Promise<void> | null = null;
/** Leaves no process, no server and no folder behind; what cannot be cleaned does not keep the rest. */
const clean = (): Promise<void> => (cleaning ??= cleanAll());
async function cleanAll(): Promise<void> {
  for (const cleaner of cleaners.toReversed()) {
    await cleaner().catch((error: unknown) => say(`  could not clean up: ${String(error)}`));
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void clean().then(() => process.exit(128 + constants.signals[signal])));
}
// Whoever read along may have gone: that is no reason to leave anything behind.
process.stdout.on('error', () => undefined);

let exitCode: number;
try {
  say(`chaos, ${values.short ? 'short' : 'long'}, seed ${seed}`);
  const scripts = await bundleScripts();
  cleaners.push(scripts.remove);
  const database = await ChaosDatabase.start();
  cleaners.push(() => database.close());
  const arena = {
    database,
    scale: values.short ? SHORT : LONG,
    random: randomFrom(seed),
    verbose,
    say,
    atEnd: (cleaner: () => Promise<void>) => void cleaners.push(cleaner),
  };
  const outcomes: Outcome[] = [];
  const keep = (outcome: Outcome): void => {
    outcomes.push(outcome);
    say(describe(outcome));
  };
  say('  the kit');
  const vendors = [ledgerbeeVendor(), await ledyerVendor(), await siglumeVendor()] as const;
  for (const vendor of vendors) cleaners.push(vendor.close);
  keep(await runKit({ ...arena, script: scripts.kit, vendors }));
  say('  the naive receivers');
  keep(await runNaive({ ...arena, script: scripts.naive, vendor: ledgerbeeVendor() }));

  const counted = count(outcomes, seed);
  if (values.report !== undefined) await writeFile(values.report, JSON.stringify(counted));
  say(`\nchaos, seed ${seed}: ${counted.passed} claims hold, ${counted.failed} broken`);
  exitCode = counted.failed === 0 ? 0 : 1;
} finally {
  await clean();
}
// What the harness itself still waits for, such as the next try of a delivery, is of no interest any more.
process.exit(exitCode);
