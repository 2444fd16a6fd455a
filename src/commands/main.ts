#!/usr/bin/env node
/** `npx checkout-embed`: the process around `runCommandLine`. */
import { runCommandLine } from './run.js';

// Standard output is the answer's alone; what a host's own modules print while they load goes beside it.
console.log = console.info = console.debug = console.error;
// `checkout-embed orders | head` closes the pipe early: no reason to fail loudly.
process.stdout.on('error', () => undefined);

const code = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
});
// A host's config may have left timers and sockets open: they must not keep this process. Once all is written.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((written) => stream.write('', written))),
);
process.exit(code);
