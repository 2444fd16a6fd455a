/** All of the demo as one object: the parts in the order they need each other, and their end in reverse. */
import type { Server } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { ConfigError, PORT_SETTINGS, type DemoConfig } from './config.js';
import { refuseTakenPort } from './ports.js';
import { DataInUseError, startPostgres, type PostgresServer } from './postgres.js';
import { createBackend } from './shop/backend.js';
import { createPageAssets } from './shop/page-assets.js';
import { createShopServer } from './shop/server.js';
import { startSandboxes } from './sandboxes.js';

const SHOP_HOST = 'shop.localhost';

export interface Demo {
  readonly shopOrigin: string;
  /** LedgerBee's. */
  readonly portalOrigin: string;
  /** Of Siglume's hosted checkout. */
  readonly siglumeOrigin: string;
  /** Where Ledyer tells what it has sent. */
  readonly ledyerDashboard: string;
  /** Where the data lies, for people; no password. */
  readonly database: string;
  /** Ends every part; the data stays. A second call waits for the first. */
  stop(): Promise<void>;
}

export interface DemoOptions {
  /** One line for the person at the terminal. */
  readonly warn: (line: string) => void;
}

/** @throws {ConfigError} for a port that is taken or a database that cannot be reached. */
export async function startDemo(config: DemoConfig, options: DemoOptions): Promise<Demo> {
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const addresses = await startParts(config, options, (stop) => stops.push(stop));
    let stopped: Promise<void> | null = null;
    return { ...addresses, stop: () => (stopped ??= stopAll()) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startParts(
  config: DemoConfig,
  { warn }: DemoOptions,
  onStop: (stop: () => Promise<void>) => void,
): Promise<Omit<Demo, 'stop'>> {
  const shopOrigin = `http://${SHOP_HOST}:${config.shopPort}`;
  await refuseTakenPort(config.shopPort, PORT_SETTINGS.shop);
  await refuseTakenPort(config.portalPort, PORT_SETTINGS.portal);
  await refuseTakenPort(config.siglumePort, PORT_SETTINGS.siglume);
  await refuseTakenPort(config.ledyerPort, PORT_SETTINGS.ledyer);

  const database = await openDatabase(config, onStop);
  const pool = new pg.Pool({ connectionString: database.url, max: 20 });
  // Without a listener a database that goes away would end the process; the kit retries by itself.
  pool.on('error', (error) => warn(`PostgreSQL: ${error.message}`));
  onStop(() => pool.end());

  const sandboxes = await startSandboxes(config, shopOrigin, onStop);
  const backend = await createBackend({
    pool,
    sandboxes,
    shopOrigin,
    warn,
    takesMetered: config.takesMetered,
  });
  onStop(() => backend.close());

  const assets = await createPageAssets();

  const server = createShopServer({ backend, assets, shopOrigin });
  await listen(server, config.shopPort);
  onStop(() => closeServer(server));
  const { ledgerbee, siglume, ledyer } = sandboxes;
  return {
    shopOrigin,
    portalOrigin: ledgerbee.portalOrigin,
    siglumeOrigin: siglume.checkoutOrigin,
    ledyerDashboard: ledyer.dashboardUrl,
    database: database.shown,
  };
}

async function openDatabase(
  config: DemoConfig,
  onStop: (stop: () => Promise<void>) => void,
): Promise<{ url: string; shown: string }> {
  if (config.databaseUrl !== null) {
    await proveReachable(config.databaseUrl);
    return { url: config.databaseUrl, shown: withoutPassword(config.databaseUrl) };
  }
  const server = await startOwnServer(config);
  onStop(() => server.stop());
  const password = join(server.dataDir, 'password');
  return { url: server.url, shown: `${withoutPassword(server.url)} (its password: ${password})` };
}

async function startOwnServer({ dataDir, postgresPort }: DemoConfig): Promise<PostgresServer> {
  try {
    return await startPostgres({
      dataDir,
      port: postgresPort,
      refusePort: (port) => refuseTakenPort(port, PORT_SETTINGS.postgres),
    });
  } catch (error) {
    if (!(error instanceof DataInUseError)) throw error;
    throw new ConfigError(
      `${error.message} Stop that demo, or give this one a folder of its own: DEMO_DATA_DIR=<folder> npm run demo`,
      { cause: error },
    );
  }
}

async function proveReachable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    await client.end();
  } catch (cause) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'no answer';
    throw new ConfigError(`DATABASE_URL: ${withoutPassword(url)} cannot be used: ${why}`, { cause });
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Streams stay open for as long as a tab is: they are cut, the page reconnects at the next start.
    server.closeAllConnections();
  });
}
