/** A server that runs on our folder already: left behind by a starter that was killed, or still in use. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** The process that started it and is still there; `null` when it was killed, and the server may be taken over. */
  readonly usedBy: number | null;
}

/** The server that runs on this very folder; `null` when there is none. */
export async function runningServer(dataDir: string): Promise<RunningServer | null> {
  if (!existsSync(pidFile(dataDir))) return null;
  const [pid, , , port] = (await readFile(pidFile(dataDir), 'utf8')).split('\n').map(Number);
  if (pid === undefined || port === undefined || !isAlive(pid)) return null;
  // The number may have gone to another program since; only a server answers at the port.
  return (await answersAt(port)) ? { pid, port, usedBy: await starterOf(dataDir) } : null;
}

/** Leaves word that this process uses the server: another start on the same folder must not stop it under us. */
export async function noteStarter(dataDir: string): Promise<void> {
  await writeFile(starterFile(dataDir), `${process.pid}\n`);
}

async function starterOf(dataDir: string): Promise<number | null> {
  const pid = await readFile(starterFile(dataDir), 'utf8').then(Number, () => Number.NaN);
  return Number.isInteger(pid) && pid !== process.pid && isAlive(pid) ? pid : null;
}

function starterFile(dataDir: string): string {
  return join(dataDir, 'starter.pid');
}

function pidFile(dataDir: string): string {
  return join(dataDir, 'cluster', 'postmaster.pid');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function answersAt(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** The server removes its file last; where nobody collects dead processes, its number would look alive for ever. */
export async function endServer(dataDir: string, pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  while (isAlive(pid) && existsSync(pidFile(dataDir))) await new Promise((done) => setTimeout(done, 50));
}
