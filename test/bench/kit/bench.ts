/** The kit's budgets that are speeds or sizes of memory: real processes, real HTTP, a real PostgreSQL. */
import type { Bench } from '../bench.js';
import { buildPrograms } from './build-programs.js';
import { startServer } from './conditions.js';
import { measureDurable } from './durable.js';
import { measureStreams } from './streams.js';
import { measureSweep } from './sweep.js';
import { measureVerify } from './verify.js';

export const benchKit: Bench = async (say, rounds) => {
  const programs = await buildPrograms([
    'bare-inserts',
    'load',
    'receiver',
    'stream-readers',
    'streams',
    'verify',
  ]);
  const server = await startServer();
  try {
    const figures = [
      ...(await measureDurable(programs, server, rounds, say)),
      ...(await measureVerify(programs, rounds, say)),
      ...(await measureSweep(server, rounds, say)),
      ...(await measureStreams(programs, server, say)),
    ];
    return { machine: server.conditions, figures };
  } finally {
    await server.stop();
    await programs.remove();
  }
};
