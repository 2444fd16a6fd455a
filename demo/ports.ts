/** Is a port free? Asked before anything is started, so that the answer can name the setting that moves it. */
import { createServer } from 'node:net';
import { ConfigError } from './config.js';

/** @throws {ConfigError} when something listens on the loopback port already, or we may not listen there. */
export async function refuseTakenPort(port: number, setting: string): Promise<void> {
  const problem = await new Promise<string | null>((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(null)));
  });
  if (problem === null) return;
  const why = problem === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${problem})`;
  throw new ConfigError(`Port ${port} ${why}. Choose another: ${setting}=<port> npm run demo`);
}
