/** The command line, read: which command, with what. Knows nothing of what a command does. */
import { parseArgs } from 'node:util';
import { COMMON_OPTIONS, OPTIONS, type Command, type Flags, type OptionName } from './command.js';
import { CommandError } from './failure.js';
import { nearest } from '../fulfillment/nearest.js';

/** Words that are no options, and options whose names and shapes are right, whatever command they are for. */
export interface Words {
  readonly positionals: readonly string[];
  readonly flags: Flags;
}

/** @throws {CommandError} `unknown-option`, `missing-argument`, `invalid-argument` */
export function readWords(argv: readonly string[]): Words {
  const { tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    // Strict mode knows no near misses, and says what is wrong in the words of a library.
    strict: false,
    tokens: true,
  });
  const positionals: string[] = [];
  const flags: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (!isOption(token.name)) throw unknownOption(token.rawName, token.name);
    const isText = OPTIONS[token.name].type === 'string';
    const given = token.value ?? '';
    if (!isText && token.value !== undefined) {
      throw new CommandError(
        'invalid-argument',
        `${token.rawName} takes no value.`,
        `Write ${token.rawName} alone.`,
      );
    }
    // An option where its value should be was not meant as one; `--limit=-1` is.
    if (isText && (given === '' || (!token.inlineValue && given.startsWith('-')))) {
      throw new CommandError(
        'missing-argument',
        `${token.rawName} needs a value.`,
        `Write ${token.rawName}=<value>.`,
      );
    }
    flags[token.name] = isText ? given : true;
  }
  return { positionals, flags };
}

/**
 * Finds the command that the words begin with. A group's name alone is its list.
 * @returns the command and what stands beside its name.
 * @throws {CommandError} `unknown-command`
 */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } {
  const [first = '', second = ''] = words;
  const byName = (name: string): Command | undefined => commands.find((command) => command.name === name);
  const two = byName(`${first} ${second}`);
  if (two !== undefined) return { command: two, rest: words.slice(2) };
  const one = byName(first);
  if (one !== undefined) return { command: one, rest: words.slice(1) };
  const list = byName(`${first} list`);
  if (list !== undefined && words.length === 1) return { command: list, rest: [] };
  const said = list === undefined ? first : `${first} ${second}`;
  const meant =
    nearest(
      said,
      commands.map(({ name }) => name),
    ) ?? nearest(first, groupsOf(commands));
  throw new CommandError(
    'unknown-command',
    `There is no command ${JSON.stringify(said)}.`,
    meant === null
      ? 'See all commands: npx checkout-embed help'
      : `Did you mean: npx checkout-embed ${meant}`,
  );
}

/** @throws {CommandError} `unknown-option`, `missing-argument`, `invalid-argument` */
export function checkCall(command: Command, rest: readonly string[], flags: Flags): void {
  const taken: readonly string[] = [...COMMON_OPTIONS, ...command.options];
  const stray = Object.keys(flags).find((name) => !taken.includes(name));
  if (stray !== undefined) throw unknownOption(`--${stray}`, stray, command);
  const { positionals, optionalPositionals = 0 } = command;
  const missing = positionals.slice(0, positionals.length - optionalPositionals)[rest.length];
  if (missing !== undefined) {
    throw new CommandError('missing-argument', `${missing} is missing.`, seeHelp(command));
  }
  const extra = rest[positionals.length];
  if (extra !== undefined) {
    throw new CommandError(
      'invalid-argument',
      `${JSON.stringify(extra)} is one word too many.`,
      seeHelp(command),
    );
  }
}

export function seeHelp({ name }: Pick<Command, 'name'>): string {
  return `See npx checkout-embed ${name} --help`;
}

function unknownOption(raw: string, name: string, command?: Command): CommandError {
  const known = command === undefined ? Object.keys(OPTIONS) : [...COMMON_OPTIONS, ...command.options];
  const meant = nearest(name, known);
  const where = command === undefined ? '' : ` of ${command.name}`;
  return new CommandError(
    'unknown-option',
    `There is no option ${raw}${where}.`,
    meant === null || meant === name
      ? command === undefined
        ? 'See npx checkout-embed help'
        : seeHelp(command)
      : `Did you mean --${meant}?`,
  );
}

function groupsOf(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name))];
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
