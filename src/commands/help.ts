/** What `--help` and `help` print. */
import { COMMON_OPTIONS, OPTIONS, type Command, type OptionName } from './command.js';
import { indent } from './text.js';

export function helpOf(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  return [
    'Usage: npx checkout-embed <command> [options]',
    '',
    'Commands',
    ...commands.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.summary}`),
    `  ${'help [command]'.padEnd(width)}  Show help`,
    '',
    'Options of every command',
    optionLines(COMMON_OPTIONS),
    optionLines(['version']),
    '',
    'Exit codes',
    '  0  done',
    '  1  the answer is no: not found, refused, something to do',
    '  2  it could not run',
  ].join('\n');
}

export function helpOfCommand(command: Command): string {
  const { summary, details, examples, options, optionHelp } = command;
  return [
    `Usage: npx checkout-embed ${usageOf(command)} [options]`,
    '',
    `${summary}.`,
    ...(details === undefined ? [] : ['', details()]),
    '',
    'Options',
    ...(options.length === 0 ? [] : [optionLines(options, optionHelp)]),
    optionLines(COMMON_OPTIONS),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    indent(examples.join('\n')),
  ].join('\n');
}

function usageOf({ name, positionals, optionalPositionals = 0 }: Command): string {
  const needed = positionals.length - optionalPositionals;
  return [name, ...positionals.map((word, index) => (index < needed ? word : `[${word}]`))].join(' ');
}

function optionLines(names: readonly OptionName[], help: Command['optionHelp'] = {}): string {
  return names
    .map((name) => {
      const option = OPTIONS[name];
      const value = 'value' in option ? `=${option.value}` : '';
      const short = 'short' in option ? `, -${option.short}` : '';
      return `  ${`--${name}${value}${short}`.padEnd(24)}  ${help[name] ?? option.help}`;
    })
    .join('\n');
}
