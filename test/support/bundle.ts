/** The files of the one-file build, built once when the first is asked for, and not written anywhere. */
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
let files: Promise<ReadonlyMap<string, string>> | null = null;

/** `null` for what is not in the build. */
export async function bundleFile(name: string): Promise<string | null> {
  files ??= buildAll();
  return (await files).get(name) ?? null;
}

async function buildAll(): Promise<ReadonlyMap<string, string>> {
  const outputs = await build({ root, logLevel: 'error', mode: 'production', build: { write: false } });
  const all = [outputs].flat() as Rolldown.RolldownOutput[];
  return new Map(
    all.flatMap(({ output }) =>
      // The files of a build of its own come as assets.
      output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)] as const),
    ),
  );
}
