/** Who runs PostgreSQL, and which folders that user may enter. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { platform, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; then a `postgres` user runs it, made where there is none. */
export async function serverUser(): Promise<Owner | null> {
  if (platform() === 'win32' || userInfo().uid !== 0) return null;
  const find = async (): Promise<Owner> => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await find();
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return find();
  }
}

/**
 * The folder itself, or, where the server's user could not enter it, one that is always the same for it in a
 * folder open to all: the data must be there again at the next start.
 */
export async function reachableDataDir(wished: string, owner: Owner | null): Promise<string> {
  const dataDir = resolve(wished);
  if (owner === null) return dataDir;
  const made = await mkdir(dataDir, { recursive: true });
  if (made !== undefined) await chmod(dataDir, 0o755);
  if (await everyoneMayEnter(dataDir)) return dataDir;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(await openFolder(), `checkout-embed-data-${name}`);
}

/** A folder that survives a restart and that every user may enter. */
export async function openFolder(): Promise<string> {
  for (const folder of ['/var/tmp', tmpdir(), '/tmp']) {
    if (existsSync(folder) && (await everyoneMayEnter(folder))) return folder;
  }
  throw new Error(
    'Neither /var/tmp nor the temporary folder may be entered by the user that runs PostgreSQL.',
  );
}

export async function everyoneMayEnter(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const { mode } = await stat(path);
    if ((mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
