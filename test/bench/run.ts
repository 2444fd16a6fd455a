/**
 * `npm run bench`: the budgets that are speeds, as ratios within one run. A budget that is missed is printed, never an
 * error: a machine under load is no reason to fail a build.
 */
import { parseArgs } from 'node:util';
import { benchElement } from './element/bench.js';
import { benchKit } from './kit/bench.js';
import type { Bench, Rounds, Say } from './bench.js';
import { table, type Report } from './report.js';

const BENCHES: Readonly<Record<string, Bench>> = { element: benchElement, kit: benchKit };

const NAMES = Object.keys(BENCHES).join(', ');

const USAGE = `npm run bench -- [names] [options]
  names     ${NAMES}; all of them where none is given
  --json    prints JSON
  --quick   takes a tenth of the rounds: a look, no figure
  --help    prints this`;

const { values, positionals } = readCommandLine();
if (values.help === true) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const wanted = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const say: Say = (line) => void process.stderr.write(`${line}\n`);
const rounds: Rounds = (full) => (values.quick === true ? Math.ceil(full / 10) : full);

const reports: Report[] = [];
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    say(`There is no bench ${name}; there are ${NAMES}.`);
    process.exit(2);
  }
  say(`── ${name}`);
  reports.push({ date: new Date().toISOString().slice(0, 10), ...(await bench(say, rounds)) });
}
const text = values.json === true ? JSON.stringify(reports, null, 2) : reports.map(table).join('\n\n');
process.stdout.write(`${text}\n`);

function readCommandLine() {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ allowPositionals: true, options: { json: flag, quick: flag, help: flag } });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    process.exit(2);
  }
}
