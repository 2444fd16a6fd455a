/** One call of `checkout-embed`, from its words to its exit code. */
import { readFile } from 'node:fs/promises';
import { checkCall, findCommand, readWords } from './arguments.js';
import { COMMANDS } from './commands.js';
import type { Command, CommandResult, ExitCode, Flags } from './command.js';
import { redact, secretsOf } from './database-url.js';
import { openDesk, type Desk, type DeskOptions } from './desk.js';
import { explain } from './database-failure.js';
import { CommandError } from './failure.js';
import { helpOf, helpOfCommand } from './help.js';
import { Progress } from './progress.js';

/** Of the JSON documents. */
const VERSION = 1;

/** Where a command is called from. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory. */
  readonly folder: string;
  /** Lines of the answer. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  /** Whether a line on `err` can be written over. */
  readonly isTerminal: boolean;
}

/** Never throws: what could not be run is said, and exit code 2. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { env } = terminal;
  let isJson = argv.includes('--json');
  const secrets = [...secretsOf(env['DATABASE_URL']), env['PGPASSWORD'] ?? ''];
  try {
    const { positionals, flags } = readWords(argv);
    isJson = flags.json === true;
    secrets.push(...secretsOf(flags['database-url']));
    const page = await pageOf(positionals, flags);
    if (page !== null) {
      terminal.out(`${page}\n`);
      return 0;
    }
    const { command, rest } = findCommand(COMMANDS, positionals);
    checkCall(command, rest, flags);
    const run = command.read({ positionals: rest, flags });
    const result = await execute(command, run, flags, terminal);
    answer(command, result, isJson, terminal);
    return result.exitCode;
  } catch (thrown) {
    const { code, message, fix } = explain(thrown, 'the database');
    const error = { code, message: redact(message, secrets), fix };
    if (isJson) terminal.out(`${JSON.stringify({ v: VERSION, error }, null, 2)}\n`);
    else terminal.err(`${error.message}\n${error.fix}\n`);
    return 2;
  }
}

/** The help or the version, where that is what was asked for. */
async function pageOf(words: readonly string[], flags: Flags): Promise<string | null> {
  if (flags.version === true) return packageVersion();
  const isHelp = words[0] === 'help';
  const subject = isHelp ? words.slice(1) : words;
  if (!isHelp && flags.help !== true && words.length > 0) return null;
  if (subject.length === 0) return helpOf(COMMANDS);
  return helpOfCommand(findCommand(COMMANDS, subject).command);
}

async function execute(
  { needs }: Command,
  run: ReturnType<Command['read']>,
  flags: Flags,
  terminal: Terminal,
): Promise<CommandResult> {
  const options: DeskOptions = {
    databaseUrl: flags['database-url'],
    schema: flags.schema,
    config: flags.config,
    folder: terminal.folder,
    env: terminal.env,
    warn: (text) => terminal.err(`${text}\n`),
  };
  const progress = new Progress({ write: terminal.err, isTerminal: terminal.isTerminal });
  const desk = await openDesk(needs, options);
  try {
    if (needs !== 'database') {
      await progress.during('Reaching the database', () => checkMigrated(desk));
    }
    return await run({ desk, progress });
  } catch (error) {
    throw desk.explain(error);
  } finally {
    // What a dying connection has to say at the end changes nothing of the answer.
    await desk.close().catch(() => undefined);
  }
}

async function checkMigrated(desk: Desk): Promise<void> {
  const pending = await desk.pending();
  if (pending.length === 0) return;
  throw new CommandError(
    'not-migrated',
    `Schema ${desk.schema} lacks version ${pending.join(', ')} of the kit’s tables.`,
    'Run: npx checkout-embed migrate   (with the same --database-url, --schema or --config)',
  );
}

function answer(
  command: Command,
  { exitCode, json, text }: CommandResult,
  isJson: boolean,
  terminal: Terminal,
): void {
  if (isJson) {
    terminal.out(`${JSON.stringify({ v: VERSION, command: command.name, ...json }, null, 2)}\n`);
  } else if (exitCode === 0) {
    terminal.out(`${text}\n`);
  } else {
    terminal.err(`${text}\n`);
  }
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
