/**
 * What PostgreSQL's error codes mean to the kit.
 * @see PostgreSQL documentation, appendix "PostgreSQL Error Codes"
 */

/** The SQLSTATE of an error from the driver; `null` for every other error. */
export function sqlStateOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** Two transactions got in each other's way; the same work will pass when it is done again. */
export function isRepeatable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}

/** A value cannot be stored (class 22, 23) or is too large for an index (54): no repetition will help. */
export function isFaultOfTheRow(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlStateOf(error) ?? '');
}

/** The unique key that an insert met, by its name; `null` for every other error. */
export function violatedKeyOf(error: unknown): string | null {
  if (sqlStateOf(error) !== '23505') return null;
  const { constraint } = error as { readonly constraint?: unknown };
  return typeof constraint === 'string' ? constraint : null;
}
