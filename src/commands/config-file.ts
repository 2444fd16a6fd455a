/** The merchant's own options for the kit, from a module. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FulfillmentKitOptions } from '../fulfillment/index.js';
import { CommandError } from './failure.js';

/** Looked for in the working directory, the first one counts. */
const DEFAULT_FILES = ['checkout-embed.config.js', 'checkout-embed.config.mjs'];

const EXAMPLE = 'export default { database: new pg.Pool({ … }), vendors: [ledgerbee({ … })], … }';

export interface ConfigFile {
  readonly path: string;
  readonly options: FulfillmentKitOptions;
}

/** The file to read: the one asked for, or the one that lies there. `null`: none. */
export function findConfig(asked: string | undefined, folder: string): string | null {
  if (asked !== undefined) {
    const path = resolve(folder, asked);
    if (existsSync(path)) return path;
    throw new CommandError(
      'config-not-found',
      `There is no file ${asked}.`,
      'Check the path after --config.',
    );
  }
  return DEFAULT_FILES.map((name) => resolve(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Runs the module. Its default export is the options, or a function that gives them.
 * @throws {CommandError} `config-failed`, `invalid-config`
 */
export async function loadConfig(path: string): Promise<ConfigFile> {
  let exported: unknown;
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    exported = module.default;
    if (typeof exported === 'function') exported = await (exported as () => unknown)();
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new CommandError(
      'config-failed',
      `${path} could not be loaded: ${why}`,
      'Mend the file and try again.',
      {
        cause,
      },
    );
  }
  if (typeof exported !== 'object' || exported === null) {
    throw invalid(path, 'has no default export that is an object', `Write ${EXAMPLE}`);
  }
  if ('tick' in exported && 'fetch' in exported) {
    throw invalid(
      path,
      'exports a kit, which may be at work already',
      'Export the options that createFulfillmentKit(options) is called with.',
    );
  }
  if (!('database' in exported)) throw invalid(path, 'names no database', `Write ${EXAMPLE}`);
  return { path, options: exported as FulfillmentKitOptions };
}

function invalid(path: string, problem: string, fix: string): CommandError {
  return new CommandError('invalid-config', `${path} ${problem}.`, fix);
}
