import type { SqlClient } from '../ports.js';
import type { SubjectClaim } from './claim-subjects.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** A reading that failed: the subject stays dirty and is due again later. Does nothing once the claim is lost. */
export async function postponeSubject(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: SubjectClaim,
  retryAtMs: number,
  error: string,
): Promise<void> {
  await sql.query(
    `UPDATE ${t.subjects} SET failures = failures + 1, last_error = $4, next_fetch_at = $5,
       lease_token = NULL, lease_until = NULL
     WHERE vendor = $1 AND subject = $2 AND lease_token = $3`,
    [claim.vendor, claim.subject, claim.token, error, toTime(retryAtMs)],
  );
}
