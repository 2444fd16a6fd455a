/** Ports for servers that begin later, in processes of their own. */
import { createServer } from 'node:net';

/**
 * Below those that the system gives to whoever asks for any port or connects somewhere: between this look and the
 * server's start one of those may be given away. (Linux begins at 32768.)
 */
const FIRST_PORT = 20_000;
/** A process looks in a block of its own: two that look at the same time hardly ever find the same. */
const BLOCK = 64;
const BLOCKS = 187;

let next = FIRST_PORT + (process.pid % BLOCKS) * BLOCK;

/** Never the same twice in one process. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = next;
    next = port + 1 < FIRST_PORT + BLOCKS * BLOCK ? port + 1 : FIRST_PORT;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
