/**
 * The bench's processes, built as a merchant's bundler would and run by Node alone: `tsx` would name every
 * function at every call, which costs the receiver a measurable part of its time.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Inside the repository, so that what is not built in is found. Ignored by git. */
const RESULTS = fileURLToPath(new URL('../../.results/', import.meta.url));

export type ProgramName = 'bare-inserts' | 'load' | 'receiver' | 'verify' | 'streams' | 'stream-readers';

export interface Programs {
  /** Starts one, and resolves once it said that it is ready. */
  readonly start: <Ready>(
    name: ProgramName,
    input: object,
    nodeFlags?: readonly string[],
  ) => Promise<Program<Ready>>;
  readonly remove: () => Promise<void>;
}

export interface Program<Ready = unknown> {
  /** What it said when it was ready. */
  readonly ready: Ready;
  readonly pid: number;
  /** One question, one answer; never two at a time. */
  readonly ask: <Answer>(question: object) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export async function buildPrograms(names: readonly ProgramName[]): Promise<Programs> {
  await mkdir(RESULTS, { recursive: true });
  const folder = await mkdtemp(join(RESULTS, 'bench-'));
  const source = (name: ProgramName): string =>
    fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, source(name)])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    start: (name, input, nodeFlags = []) => startProgram(join(folder, `${name}.mjs`), input, nodeFlags),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function startProgram<Ready>(
  file: string,
  input: object,
  nodeFlags: readonly string[],
): Promise<Program<Ready>> {
  const child = fork(file, [], { execArgv: [...nodeFlags], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ask = async <Answer>(question: object): Promise<Answer> => {
    child.send(question);
    return (await answerOf(child)) as Answer;
  };
  const ready = await ask<Ready>(input);
  return {
    ready,
    pid: child.pid ?? 0,
    ask,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** @throws {Error} when the process ends instead. */
function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      child.off('message', answered).off('exit', ended);
      act();
    };
    const answered = (answer: unknown): void => settle(() => resolve(answer));
    const ended = (): void => settle(() => reject(new Error('a process of the bench ended early')));
    child.once('message', answered).once('exit', ended);
  });
}
