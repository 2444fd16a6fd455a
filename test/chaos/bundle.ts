/** The scripts of the processes under chaos, each one file: a process that dies often must start at once. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Scripts {
  readonly kit: string;
  readonly naive: string;
  readonly remove: () => Promise<void>;
}

/** Written inside the checkout, so that `pg` is found from there. */
export async function bundleScripts(): Promise<Scripts> {
  const folder = join(ROOT, 'test', '.results', `chaos-${process.pid}`);
  await mkdir(folder, { recursive: true });
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    resolve: { conditions: ['checkout-embed-source'] },
    // The package itself is taken from source; what it and the scripts take from npm stays outside.
    ssr: { noExternal: [/^checkout-embed/], resolve: { conditions: ['checkout-embed-source'] } },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      sourcemap: true,
      rolldownOptions: {
        input: {
          kit: join(ROOT, 'test/chaos/kit/main.ts'),
          naive: join(ROOT, 'test/chaos/naive/main.ts'),
        },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  return {
    kit: join(folder, 'kit.mjs'),
    naive: join(folder, 'naive.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
