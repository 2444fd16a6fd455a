import type { SqlClient } from '../ports.js';
import { queryPrepared } from './prepared.js';

/**
 * Runs a statement whose rows are known to be of this shape, because the same file names their columns: the one
 * place where that is taken on trust.
 */
export async function query<Row>(
  sql: Pick<SqlClient, 'query'>,
  text: string,
  values?: readonly unknown[],
): Promise<{ readonly rows: readonly Row[]; readonly first: Row | undefined }> {
  const rows = (await sql.query(text, values)).rows as readonly Row[];
  return { rows, first: rows[0] };
}

/** As {@link query}, for a statement that is parsed once per connection. */
export async function preparedQuery<Row>(
  sql: SqlClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return (await queryPrepared(sql, text, values)).rows as readonly Row[];
}
