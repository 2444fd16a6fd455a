/** Why a command could not run: a stable code, what it means, and what mends it. Holds no secret. */

export type CommandErrorCode =
  | 'unknown-command'
  | 'unknown-option'
  | 'missing-argument'
  | 'invalid-argument'
  | 'no-database'
  | 'invalid-database-url'
  | 'pg-not-installed'
  | 'config-not-found'
  | 'config-failed'
  | 'invalid-config'
  | 'no-config'
  | 'database-unreachable'
  | 'database-refused'
  | 'database-missing'
  | 'database-forbidden'
  | 'database-failed'
  | 'not-migrated'
  | 'schema-too-new'
  | 'vendor-not-configured'
  | 'unexpected';

/** Ends the command with exit code 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;
  /** What to do about it, as a sentence. */
  readonly fix: string;
  constructor(code: CommandErrorCode, message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.fix = fix;
  }
}
