/** What a database that refuses, or says nothing, means to whoever runs a command. */
import { ConfigurationError } from '../fulfillment/index.js';
import { sqlStateOf } from '../fulfillment/postgres/sql-state.js';
import { CommandError } from './failure.js';

/** The driver's own errors for "no connection" that carry no code. */
const SILENCE = /timeout|terminated|Connection ended|socket/i;

/** @param place Where the database is, for people. */
export function explain(error: unknown, place: string): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof ConfigurationError) return explainConfiguration(error, place);
  const state = sqlStateOf(error);
  if (state !== null) return explainState(state, error, place);
  if (isConnectionError(error)) return unreachable(place, error);
  const why =
    error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error was thrown';
  return new CommandError('unexpected', why, 'If this is not of your making, report it with what you did.', {
    cause: error,
  });
}

function explainConfiguration(error: ConfigurationError, place: string): CommandError {
  switch (error.code) {
    case 'schema-too-new':
      return new CommandError(
        'schema-too-new',
        error.message,
        'Use the version of checkout-embed that your servers run.',
        { cause: error },
      );
    case 'database-unreachable':
      return unreachable(place, error);
    case 'invalid-option':
    case 'parsed-body':
      return new CommandError('invalid-config', error.message, 'Mend the option that is named.', {
        cause: error,
      });
  }
}

/** @see PostgreSQL documentation, appendix "PostgreSQL Error Codes" */
function explainState(state: string, cause: unknown, place: string): CommandError {
  const options = { cause };
  if (state.startsWith('28')) {
    return new CommandError(
      'database-refused',
      `The database at ${place} refuses this user or password.`,
      'Check user and password of the address, and that pg_hba.conf lets this host in.',
      options,
    );
  }
  if (state === '3D000') {
    return new CommandError(
      'database-missing',
      `There is no such database: ${place}.`,
      'Create it, or correct the name in the address.',
      options,
    );
  }
  if (state === '42501') {
    return new CommandError(
      'database-forbidden',
      `The database at ${place} does not permit this to its user.`,
      'Use the user that your servers use; migrate needs the right to create a schema.',
      options,
    );
  }
  // Starting up, shutting down, too many connections: it is there and takes nobody now.
  if (/^(57P0|53|08)/.test(state)) return unreachable(place, cause);
  const text = cause instanceof Error ? cause.message : '';
  return new CommandError(
    'database-failed',
    `The database at ${place} answered with error ${state}: ${text}`,
    'Try again; if it stays, report it.',
    options,
  );
}

function unreachable(place: string, cause: unknown): CommandError {
  const code = codeOf(cause);
  return new CommandError(
    'database-unreachable',
    `The database at ${place} cannot be reached${code === '' ? '' : ` (${code})`}.`,
    'Check that it runs, and that host and port are right and open from here.',
    { cause },
  );
}

function isConnectionError(error: unknown): boolean {
  return /^E[A-Z_]+$/.test(codeOf(error)) || (error instanceof Error && SILENCE.test(error.message));
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Node tried every address of the host, and each failed.
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : '';
}
