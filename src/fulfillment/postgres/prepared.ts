/**
 * Statements of the receiving transaction, which a burst runs hundreds of times a second: parsed once per
 * connection, and planned once where the server finds that enough.
 */
import { createHash } from 'node:crypto';
import type { SqlClient } from '../ports.js';
import { sqlStateOf } from './sql-state.js';

/** A client that can keep a statement. */
export interface PreparingClient extends SqlClient {
  /** `query` for a statement that is run again and again on this connection. */
  readonly queryPrepared: SqlClient['query'];
}

/** Runs it as a kept statement where the client can keep one, else as any other. */
export function queryPrepared(
  sql: SqlClient | PreparingClient,
  ...[text, values]: Parameters<SqlClient['query']>
): ReturnType<SqlClient['query']> {
  return 'queryPrepared' in sql ? sql.queryPrepared(text, values) : sql.query(text, values);
}

/** `pg`'s way of naming a statement. */
interface NamedQuery {
  readonly name: string;
  readonly text: string;
}

/**
 * Names statements for the connections of one pool, until it turns out that names do not hold there.
 *
 * A pooler between us and the server (PgBouncer before 1.21, in transaction mode) may hand each transaction
 * another server connection, on which the name is unknown, or was taken by another client of ours. The server
 * says so, the transaction is done again, and from then on nothing of this pool is named. A name is made of its
 * statement, so it can never stand for another one.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #hold = true;

  /** @param run Asks `pg`, with a name or without. */
  async query<Result>(
    text: string,
    run: (statement: string | NamedQuery) => Promise<Result>,
  ): Promise<Result> {
    if (!this.#hold) return run(text);
    try {
      return await run({ name: this.#nameOf(text), text });
    } catch (error) {
      if (isForeignConnection(error)) this.#hold = false;
      throw error;
    }
  }

  #nameOf(text: string): string {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = `checkout_embed_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
      this.#names.set(text, name);
    }
    return name;
  }
}

/** The statement's name is not known on this connection (26000), or is taken on it already (42P05). */
export function isForeignConnection(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '26000' || state === '42P05';
}
