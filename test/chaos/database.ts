/** A PostgreSQL of the harness's own, because it is restarted without warning. */
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type PostgresServer } from '../../demo/postgres.js';
import { runningServer } from '../../demo/postgres/survivor.js';

const SHARED_MEMORY = '/dev/shm';
/** What the data of the long form takes, several times over. */
const ROOM_BYTES = 2 * 1024 ** 3;

export class ChaosDatabase {
  readonly #folder: string;
  #server: PostgresServer;
  #restarting: Promise<void> = Promise.resolve();
  #closed = false;
  restarts = 0;

  private constructor(folder: string, server: PostgresServer) {
    this.#folder = folder;
    this.#server = server;
  }

  static async start(): Promise<ChaosDatabase> {
    const folder = await mkdtemp(join(await roomiestFolder(), 'checkout-embed-chaos-'));
    // The server's own user must be able to enter it.
    await chmod(folder, 0o755);
    return new ChaosDatabase(folder, await startPostgres({ dataDir: folder }));
  }

  /** The same after every restart. */
  get url(): string {
    return this.#server.url;
  }

  /**
   * As `pg_ctl restart -m immediate`: every connection breaks, nothing is written down, and the server recovers
   * from its log.
   */
  async restart(): Promise<void> {
    if (this.#closed) return;
    this.#restarting = this.#restart();
    await this.#restarting;
  }

  async #restart(): Promise<void> {
    const { dataDir, port } = this.#server;
    const running = await runningServer(dataDir);
    if (running === null) throw new Error('the database ended by itself');
    process.kill(running.pid, 'SIGQUIT');
    // Waits for the end of what has been told to end, and forgets it.
    await this.#server.stop();
    this.#server = await startPostgres({ dataDir: this.#folder, port });
    this.restarts += 1;
  }

  /** One connection for `work`. @throws whatever the database throws, also that it is away. */
  async withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#restarting.catch(() => undefined);
    await this.#server.stop();
    await rm(this.#server.dataDir, { recursive: true, force: true });
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Memory where there is enough of it: a server that is killed and not unplugged loses nothing there either, and a
 * recovery does not wait for whoever else uses the disk.
 */
async function roomiestFolder(): Promise<string> {
  const inMemory = await statfs(SHARED_MEMORY).catch(() => null);
  const free = inMemory === null ? 0 : inMemory.bavail * inMemory.bsize;
  return free >= ROOM_BYTES ? SHARED_MEMORY : tmpdir();
}
