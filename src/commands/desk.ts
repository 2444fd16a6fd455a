/** What commands work with: an operator's calls on one database, which are given back at the end. */
import { createFulfillmentKit } from '../fulfillment/index.js';
import type {
  Effects,
  FulfillmentKit,
  FulfillmentKitOptions,
  Orders,
  Reviews,
  SqlPool,
} from '../fulfillment/index.js';
import { effectsOf } from '../fulfillment/dead-letters.js';
import { ordersOf } from '../fulfillment/orders.js';
import { listenForLosses } from '../fulfillment/postgres/listen-for-losses.js';
import { pendingMigrations, runMigrations } from '../fulfillment/postgres/migrate.js';
import { patientPool } from '../fulfillment/postgres/patient-pool.js';
import { SCHEMA_NAME, tablesOf } from '../fulfillment/postgres/tables.js';
import { reviewsOf } from '../fulfillment/reviews.js';
import { DEFAULT_SCHEDULE } from '../fulfillment/schedule.js';
import type { Command } from './command.js';
import { findConfig, loadConfig } from './config-file.js';
import { checkDatabaseUrl, placeOf } from './database-url.js';
import { explain } from './database-failure.js';
import { CommandError } from './failure.js';

/** Longest wait for a connection, and for the answer to one statement, in milliseconds. */
const SILENCE_MS = 30_000;
const CONNECT_MS = 10_000;

export interface Desk {
  readonly schema: string;
  readonly orders: Orders;
  readonly reviews: Reviews;
  readonly effects: Effects;
  /** `null` where there is no config: without the options of the kit nobody can be asked. */
  readonly reconcile: FulfillmentKit['reconcile'] | null;
  /** As `reconcile`. */
  readonly orderManagement: FulfillmentKit['orderManagement'] | null;
  /** Versions of the schema that are missing. @throws {ConfigurationError} `schema-too-new` */
  pending(): Promise<readonly number[]>;
  /** @returns the versions that were applied now. */
  migrate(): Promise<readonly number[]>;
  /** Puts an error of the database into words; no other error is changed. */
  explain(error: unknown): CommandError;
  close(): Promise<void>;
}

export interface DeskOptions {
  readonly databaseUrl?: string | undefined;
  readonly schema?: string | undefined;
  readonly config?: string | undefined;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where warnings of the kit go. */
  readonly warn: (text: string) => void;
}

/**
 * Opens what the command needs, and nothing more: no connection is made before it is used, and no background
 * work is ever started.
 * @throws {CommandError}
 */
export async function openDesk(needs: Command['needs'], options: DeskOptions): Promise<Desk> {
  const path =
    options.config === undefined && options.databaseUrl !== undefined && needs !== 'vendors'
      ? null
      : findConfig(options.config, options.folder);
  if (path === null && needs === 'vendors') {
    throw new CommandError(
      'no-config',
      'This command asks the vendor, so it needs the options of your kit.',
      'Export them from checkout-embed.config.js in this folder, or name another file with --config.',
    );
  }
  const settings = path === null ? null : (await loadConfig(path)).options;
  const opened = await openPool(options, settings);
  // For good: a connection can still be lost while the pool ends, which would end the process instead.
  listenForLosses(opened.pool, () => undefined);
  try {
    return deskOn(opened, options, settings);
  } catch (error) {
    await opened.end();
    throw explain(error, opened.place);
  }
}

interface OpenedPool {
  readonly pool: SqlPool;
  readonly place: string;
  readonly end: () => Promise<void>;
}

function deskOn(
  { pool, place, end }: OpenedPool,
  options: DeskOptions,
  settings: FulfillmentKitOptions | null,
): Desk {
  const schema = options.schema ?? settings?.schema ?? 'checkout_embed';
  if (!SCHEMA_NAME.test(schema)) {
    throw new CommandError(
      'invalid-argument',
      `${JSON.stringify(schema)} cannot be the kit’s schema.`,
      'Use a plain lower-case name, such as checkout_embed.',
    );
  }
  const log = ({ level, event, message }: { level: string; event: string; message: string }): void => {
    if (level === 'warn' || level === 'error') options.warn(`${event}: ${message}`);
  };
  const database = patientPool(pool, SILENCE_MS);
  const kit = settings === null ? null : createFulfillmentKit({ ...settings, database: pool, schema, log });
  const context = {
    database,
    tables: tablesOf(schema),
    schedule: DEFAULT_SCHEDULE,
    clock: Date.now,
    announce: () => undefined,
  };
  return {
    schema,
    orders: kit?.orders ?? ordersOf(context),
    reviews: kit?.reviews ?? reviewsOf(context),
    effects: kit?.effects ?? effectsOf(context),
    reconcile: kit === null ? null : (orderRef) => kit.reconcile(orderRef),
    orderManagement: kit?.orderManagement ?? null,
    pending: () => pendingMigrations({ database, schema }),
    // A migration may wait long for another process's, and take its time.
    migrate: () => runMigrations({ database: pool, schema, log }),
    explain: (error) => explain(error, place),
    close: async () => {
      await kit?.close();
      await end();
    },
  };
}

async function openPool(options: DeskOptions, settings: FulfillmentKitOptions | null): Promise<OpenedPool> {
  if (options.databaseUrl === undefined && settings !== null) {
    const { database } = settings as { readonly database: SqlPool & { readonly end?: () => Promise<void> } };
    return {
      pool: database,
      place: 'the config’s address',
      // Made for this process, by the module that this process loaded.
      end: async () => {
        await database.end?.();
      },
    };
  }
  const given = options.databaseUrl ?? options.env['DATABASE_URL'] ?? '';
  if (given === '') {
    throw new CommandError(
      'no-database',
      'No database is named.',
      'Set DATABASE_URL, give --database-url=postgres://user:password@host:5432/name, or name a config with --config.',
    );
  }
  const url = checkDatabaseUrl(given, options.databaseUrl === undefined ? 'DATABASE_URL' : '--database-url');
  const pool = await makePool(url);
  return { pool, place: placeOf(url), end: () => pool.end() };
}

/** `pg` is the host's: it is looked for only when it is needed. */
async function makePool(connectionString: string): Promise<SqlPool & { end(): Promise<void> }> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new CommandError(
      'pg-not-installed',
      'The package pg is not installed here.',
      'Run: npm install pg',
      {
        cause,
      },
    );
  });
  return new pg.Pool({
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'checkout-embed',
    max: 4,
  });
}
