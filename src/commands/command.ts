/** What a command of `checkout-embed` is, and what it gets and gives. */
import type { Progress } from './progress.js';
import type { Desk } from './desk.js';

export type OptionName = keyof typeof OPTIONS;

interface OptionKind {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands after the option in a usage line. */
  readonly value?: string;
  readonly help: string;
}

/** Every option of every command: one name means one thing. */
export const OPTIONS = {
  json: { type: 'boolean', help: 'One JSON document on stdout, errors too' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
  version: { type: 'boolean', help: 'Show the version of the package' },
  'database-url': {
    type: 'string',
    value: '<url>',
    help: 'PostgreSQL to work on. Default: the config’s, or DATABASE_URL',
  },
  schema: {
    type: 'string',
    value: '<name>',
    help: 'Schema of the kit’s tables. Default: the config’s, or checkout_embed',
  },
  config: {
    type: 'string',
    value: '<file>',
    help: 'Module that exports the kit’s options. Default: ./checkout-embed.config.js or .mjs, if there',
  },
  settlement: {
    type: 'string',
    value: '<word>',
    help: 'Only orders whose money stands so: unsettled, past_due, uncollectible, written_off or settled',
  },
  limit: { type: 'string', value: '<n>', help: 'At most so many, 1 to 500. Default 50' },
  order: { type: 'string', value: '<ref>', help: 'The order' },
  key: { type: 'string', value: '<key>', help: 'The review’s key within its order, instead of its id' },
  all: { type: 'boolean', help: 'Also what a person has answered already' },
  by: { type: 'string', value: '<name>', help: 'Who answers, for the record. Default: your system’s user' },
  kind: { type: 'string', value: 'fulfill|revoke|acknowledge', help: 'Only effects of this kind' },
  epoch: { type: 'string', value: '<epoch>', help: 'Only effects of this epoch' },
  lines: { type: 'string', value: '<ol_…,…>', help: 'Only these lines. Default: all that is left' },
  capture: { type: 'string', value: '<in_…>', help: 'Which capture. Default: the only one' },
  check: { type: 'boolean', help: 'Change nothing; exit with 1 when there is something to do' },
} as const satisfies Readonly<Record<string, OptionKind>>;

/** The options that every command takes. */
export const COMMON_OPTIONS = ['database-url', 'schema', 'config', 'json', 'help'] as const;

/** The options as given. Checked: a text is never empty, an option that the command does not take is not there. */
export type Flags = {
  readonly [Name in OptionName]?: (typeof OPTIONS)[Name]['type'] extends 'string' ? string : true;
};

/** What stood beside the command's own words; as many words as it asks for. */
export interface CommandWords {
  readonly positionals: readonly string[];
  readonly flags: Flags;
}

export interface CommandTools {
  readonly desk: Desk;
  readonly progress: Progress;
}

/** `0`: done. `1`: the answer is no, such as "not found". `2`: it could not run, or not to its end. */
export type ExitCode = 0 | 1 | 2;

/** What came of a command. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** The JSON document, but for its version and the command's name. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for people. */
  readonly text: string;
}

export interface Command {
  /** One or two words, e.g. `review list`. */
  readonly name: string;
  readonly summary: string;
  /** What stands after the name, beside the options: `[]` for nothing. All are needed, unless `optional`. */
  readonly positionals: readonly string[];
  readonly optionalPositionals?: number;
  readonly options: readonly OptionName[];
  /** Where an option means more than {@link OPTIONS} says. */
  readonly optionHelp?: Readonly<Partial<Record<OptionName, string>>>;
  /** More for the help page. */
  readonly details?: () => string;
  readonly examples: readonly string[];
  /** Whether it works on tables, which must be there, or makes them. */
  readonly needs: 'tables' | 'database' | 'vendors';
  /**
   * Reads the words and gives what is to be done: a wrong word is said before anything is opened.
   * @throws {CommandError}
   */
  read(words: CommandWords): (tools: CommandTools) => Promise<CommandResult>;
}
