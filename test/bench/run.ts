/**
 * `npm run bench`: the budgets that are speeds, as ratios within one run. `npm run bench -- element` runs only
 * the named ones, `--json` prints JSON. A budget that is missed is printed, never an error: a machine under
 * load is no reason to fail a build.
 */
import { parseArgs } from 'node:util';
import { benchElement } from './element/bench.js';
import { table, type Report } from './report.js';

/** Progress, apart from the result. */
export type Say = (line: string) => void;

const BENCHES: Readonly<Record<string, (say: Say) => Promise<Omit<Report, 'date'>>>> = {
  element: benchElement,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const wanted = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const say: Say = (line) => void process.stderr.write(`${line}\n`);

const reports: Report[] = [];
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    say(`There is no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}.`);
    process.exit(2);
  }
  say(`── ${name}`);
  reports.push({ date: new Date().toISOString().slice(0, 10), ...(await bench(say)) });
}
const text = values.json === true ? JSON.stringify(reports, null, 2) : reports.map(table).join('\n\n');
process.stdout.write(`${text}\n`);
