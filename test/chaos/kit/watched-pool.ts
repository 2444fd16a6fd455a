/**
 * The merchant's `pg` pool, watched from outside: the statements tell at which of the named steps the kit is, so
 * the kit needs no hooks for its tests. Read by tables and verbs, not by whole statements: those may change.
 */
import type pg from 'pg';
import type { SqlClient, SqlPool } from 'checkout-embed/fulfillment';
import type { Reach } from '../child.js';
import type { Role, Step } from '../steps.js';

type Listener = (argument: never) => void;

/** A pool as the kit takes it, with the events it listens to. */
export interface WatchedPool extends SqlPool {
  readonly on: (event: string, listener: Listener) => unknown;
  readonly off: (event: string, listener: Listener) => unknown;
}

export function watchPool(pool: pg.Pool, role: Role, reach: Reach): WatchedPool {
  const connect: WatchedPool['connect'] = async () => {
    const client = await pool.connect();
    const listen = client as unknown as Pick<WatchedPool, 'on' | 'off'>;
    return Object.assign(watchClient(client, role, reach), {
      release: (error?: Error | boolean) => client.release(error),
      on: listen.on.bind(client),
      off: listen.off.bind(client),
    });
  };
  const listen = pool as unknown as Pick<WatchedPool, 'on' | 'off'>;
  return {
    connect,
    query: async (text, values) => {
      const client = await connect();
      try {
        return await client.query(text, values);
      } finally {
        client.release();
      }
    },
    on: listen.on.bind(pool),
    off: listen.off.bind(pool),
  };
}

/** The steps that lie right before and right after the commit of what has been seen. */
interface Commit {
  readonly before?: Step;
  readonly after?: Step;
}

function watchClient(client: pg.PoolClient, role: Role, reach: Reach): SqlClient {
  let open = false;
  let commit: Commit = {};
  return {
    query: async (statement: string | { readonly text: string }, values) => {
      // The kit names the statements that it runs again and again; `pg` takes those as objects.
      const text = typeof statement === 'string' ? statement : statement.text;
      const begins = /^\s*BEGIN\b/i.test(text);
      const commits = /^\s*COMMIT\b/i.test(text);
      if (begins) [open, commit] = [true, {}];
      if (commits && commit.before !== undefined) reach(commit.before);
      const result = await client.query(statement, values === undefined ? [] : [...values]);
      const seen = (result.rowCount ?? 0) > 0 ? stepsOf(text, role) : {};
      if (commits || (!open && !begins)) {
        const after = commits ? commit.after : seen.after;
        if (after !== undefined) reach(after);
      }
      if (commits || /^\s*ROLLBACK\b/i.test(text)) [open, commit] = [false, {}];
      else if (open) commit = { ...commit, ...seen };
      return result;
    },
  };
}

/** What it means that this statement changed or returned rows. */
function stepsOf(text: string, role: Role): Commit {
  const writes = (table: string): boolean =>
    new RegExp(`\\b(INTO|UPDATE)\\s+\\S+\\.${table}\\b`, 'i').test(text);
  switch (role) {
    case 'receiver':
      if (writes('attempts')) return { after: 'attempt committed, before the answer' };
      if (writes('subject_names')) return { after: 'checkout linked, before the answer' };
      if (writes('redirect_sessions') && /SET\s+session_id\b/i.test(text)) {
        return { before: 'checkout opened at the vendor, before the commit' };
      }
      // Marking a subject dirty updates what waits for it in the inbox, in a link's transaction too.
      if (!/\bINTO\s+\S+\.inbox\b/i.test(text)) return {};
      return {
        before: 'delivery recorded, before the commit',
        after: 'delivery committed, before the answer',
      };
    case 'worker':
      if (writes('inbox')) return { before: 'vendor read, before the commit' };
      if (!writes('effects')) return {};
      if (/SKIP\s+LOCKED/i.test(text)) return { after: 'effect claimed' };
      return /state\s*=\s*'done'/i.test(text) ? { before: 'done written, before the commit' } : {};
  }
}
