/** `checkout-embed` called in this process: what it prints and how it ends. */
import { runCommandLine } from '../../../src/commands/run.js';

export interface ShellAnswer {
  readonly code: number;
  readonly out: string;
  /** Without progress: whether a machine is slow enough for some is not the test's to say. */
  readonly err: string;
  /** The one document on stdout. Throws when it is none. */
  readonly json: () => Readonly<Record<string, unknown>>;
}

export interface ShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. Default: one without a config. */
  readonly folder?: string;
}

export async function shell(
  argv: readonly string[],
  { env = {}, folder = '/' }: ShellOptions = {},
): Promise<ShellAnswer> {
  let out = '';
  let err = '';
  const code = await runCommandLine(argv, {
    env,
    folder,
    out: (text) => (out += text),
    err: (text) => (err += text),
    isTerminal: false,
  });
  return { code, out, err: withoutProgress(err), json: () => JSON.parse(out) as Record<string, unknown> };
}

/** The lines of stderr that say more than that something takes its time. */
export function withoutProgress(err: string): string {
  return err.replace(/^.* …\n/gm, '');
}
