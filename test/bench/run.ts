/**
 * `npm run bench`: the budgets that are speeds, as ratios within one run. `npm run bench -- element` runs only
 * the named ones, `--json` prints JSON, `--quick` takes a tenth of the rounds: a look, no figure. A budget that is missed is printed, never an error: a machine under
 * load is no reason to fail a build.
 */
import { parseArgs } from 'node:util';
import { benchElement } from './element/bench.js';
import { benchKit } from './kit/bench.js';
import type { Bench, Rounds, Say } from './bench.js';
import { table, type Report } from './report.js';

const BENCHES: Readonly<Record<string, Bench>> = { element: benchElement, kit: benchKit };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' } },
});
const wanted = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const say: Say = (line) => void process.stderr.write(`${line}\n`);
const rounds: Rounds = (full) => (values.quick === true ? Math.ceil(full / 10) : full);

const reports: Report[] = [];
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    say(`There is no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}.`);
    process.exit(2);
  }
  say(`── ${name}`);
  reports.push({ date: new Date().toISOString().slice(0, 10), ...(await bench(say, rounds)) });
}
const text = values.json === true ? JSON.stringify(reports, null, 2) : reports.map(table).join('\n\n');
process.stdout.write(`${text}\n`);
