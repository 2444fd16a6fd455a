/** The demo's settings: environment variables in, a checked configuration or one clear error out. */
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A setting that cannot be used. The message is one line and names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface DemoConfig {
  /** The merchant's shop: page, backend and webhook receiver. */
  readonly shopPort: number;
  /** The LedgerBee sandbox: portal and public API. */
  readonly portalPort: number;
  /** The Siglume sandbox: hosted checkout and API. */
  readonly siglumePort: number;
  /** The Ledyer sandbox: hosted checkout, API and notification dashboard. */
  readonly ledyerPort: number;
  /** `0` takes a free one. Not used with `databaseUrl`. */
  readonly postgresPort: number;
  /** A PostgreSQL of the developer's own; `null` starts the one from npm. */
  readonly databaseUrl: string | null;
  /** Where the started PostgreSQL keeps its data between runs. */
  readonly dataDir: string;
  /** How many vendor seconds pass in one real second: waits of redelivery, lifetimes of bind refs and sessions. */
  readonly timeScale: number;
  /** Whether the shop takes Siglume's small payments, whose money comes weekly or monthly, if it comes. */
  readonly takesMetered: boolean;
}

/** The ports' variables, so that a taken port can be reported by the name that moves it. */
export const PORT_SETTINGS = {
  shop: 'SHOP_PORT',
  portal: 'PORTAL_PORT',
  siglume: 'SIGLUME_PORT',
  ledyer: 'LEDYER_PORT',
  postgres: 'POSTGRES_PORT',
} as const;

/** @throws {ConfigError} */
export function readConfig(env: NodeJS.ProcessEnv): DemoConfig {
  const config: DemoConfig = {
    shopPort: readPort(env, PORT_SETTINGS.shop, 4310),
    portalPort: readPort(env, PORT_SETTINGS.portal, 4320),
    siglumePort: readPort(env, PORT_SETTINGS.siglume, 4340),
    ledyerPort: readPort(env, PORT_SETTINGS.ledyer, 4350),
    postgresPort: readPort(env, PORT_SETTINGS.postgres, 4330),
    databaseUrl: readDatabaseUrl(env),
    dataDir: readFolder(env, 'DEMO_DATA_DIR', defaultDataDir()),
    timeScale: readTimeScale(env),
    takesMetered: readFlag(env, 'DEMO_METERED'),
  };
  refuseSharedPorts(config);
  return config;
}

function readPort(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) {
    throw new ConfigError(
      `${name}=${value} is not a port. Give a whole number from 1 to 65535, such as ${fallback}.`,
    );
  }
  return port;
}

function readDatabaseUrl(env: NodeJS.ProcessEnv): string | null {
  const value = env['DATABASE_URL'];
  if (value === undefined || value === '') return null;
  if (!URL.canParse(value) || !['postgres:', 'postgresql:'].includes(new URL(value).protocol)) {
    // The value may hold a password, so it is not repeated.
    throw new ConfigError(
      'DATABASE_URL is not a PostgreSQL address. Give one like postgres://user:password@host:5432/name, or unset it.',
    );
  }
  return value;
}

function readFolder(env: NodeJS.ProcessEnv, name: string, fallback: string): string {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  if (value.includes('\0')) throw new ConfigError(`${name} is not a folder name.`);
  return isAbsolute(value) ? value : resolve(value);
}

function readTimeScale(env: NodeJS.ProcessEnv): number {
  const value = env['DEMO_TIME_SCALE'];
  if (value === undefined || value === '') return 1;
  const scale = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (!(scale >= 1 && scale <= 3600)) {
    throw new ConfigError(
      `DEMO_TIME_SCALE=${value} is not usable. Give a whole number from 1 to 3600 (60: a vendor minute passes in a second).`,
    );
  }
  return scale;
}

function readFlag(env: NodeJS.ProcessEnv, name: string): boolean {
  const value = env[name] ?? '';
  if (!['', '0', '1'].includes(value)) throw new ConfigError(`${name}=${value} is not usable. Give 1 or 0.`);
  return value === '1';
}

function refuseSharedPorts(config: DemoConfig): void {
  const ports: [string, number][] = [
    [PORT_SETTINGS.shop, config.shopPort],
    [PORT_SETTINGS.portal, config.portalPort],
    [PORT_SETTINGS.siglume, config.siglumePort],
    [PORT_SETTINGS.ledyer, config.ledyerPort],
  ];
  if (config.databaseUrl === null) ports.push([PORT_SETTINGS.postgres, config.postgresPort]);
  for (const [index, [name, port]] of ports.entries()) {
    const other = ports.slice(0, index).find(([, taken]) => taken === port);
    if (other !== undefined) {
      throw new ConfigError(`${other[0]} and ${name} are both ${port}. Give each a port of its own.`);
    }
  }
}

function defaultDataDir(): string {
  return join(fileURLToPath(new URL('.', import.meta.url)), '.data');
}
