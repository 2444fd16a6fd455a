/** `npm run demo`: starts everything, prints where it is, and ends cleanly with Ctrl-C. Opens nothing. */
import { ConfigError, readConfig } from './config.js';
import { startDemo, type Demo } from './demo.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

let demo: Demo | null = null;
const stopping = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

try {
  print('Starting PostgreSQL, the vendors’ sandboxes and the shop …');
  demo = await startDemo(readConfig(process.env), { warn: print });
  if (stopping.signal.aborted) await demo.stop();
  else print(addresses(demo));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function addresses({ shopOrigin, portalOrigin, siglumeOrigin, ledyerDashboard, database }: Demo): string {
  return [
    '',
    `  Shop              ${shopOrigin}/   (one tab per vendor: ?vendor=siglume, ?vendor=ledyer)`,
    `  QA console        ${shopOrigin}/#qa-console   (beside the shop, or below it on a small screen)`,
    `  LedgerBee inbox   ${portalOrigin}/_sandbox/inbox`,
    `  Siglume checkout  ${siglumeOrigin}/pay/…   (where the shop sends a buyer)`,
    `  Ledyer dashboard  ${ledyerDashboard}`,
    `  Database          ${database}`,
    '',
    '  Ctrl-C stops everything. What was bought is still there at the next start.',
  ].join('\n');
}

/** A second Ctrl-C while the first is at work ends the process at once. */
async function stop(): Promise<void> {
  if (stopping.signal.aborted) process.exit(1);
  stopping.abort();
  // Still starting: the start sees the flag and stops what it started.
  if (demo === null) return;
  print('\nStopping …');
  await demo.stop();
  print('Stopped.');
}
