/** A database of its own for each test file or test, gone with it. */
import pg from 'pg';
import { inject } from 'vitest';
import { freshDatabase } from '../../demo/postgres.js';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and drops the database. */
  readonly drop: () => Promise<void>;
}

export async function testDatabase(): Promise<TestDatabase> {
  const { url, drop } = await freshDatabase(inject('postgresUrl'));
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // Without a listener a database that goes away ends the process.
  pool.on('error', () => undefined);
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await drop();
    },
  };
}
