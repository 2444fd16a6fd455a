import type { KitContext } from './context.js';
import { hashIdentity } from './identity.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { findAttempt } from './postgres/find-attempt.js';
import { readTokens } from './postgres/read-tokens.js';
import type { Identity } from './ports.js';
import { equalHashes, matchesToken } from './tokens.js';

/** An attempt whose page or buyer is asking. */
export type Attempt = AttemptRow;

/** What a page shows to be allowed to ask about an attempt. */
export interface Credentials {
  /** From `Authorization: Bearer`; `null` when the header is not there. */
  readonly token: string | null;
  /** Asked only when there is no token: a buyer who came back with another browser. */
  readonly identify: () => Promise<Identity | null>;
}

/**
 * The attempt, for whoever holds one of its tokens or is the buyer who opened it. An attempt that is not there
 * looks the same as one that is somebody else's.
 */
export async function authorize(
  context: KitContext,
  attemptId: string,
  credentials: Credentials,
): Promise<Attempt | null> {
  const attempt = await findAttempt(context.database, context.tables, { by: 'id', id: attemptId });
  if (attempt === null) return null;
  if (credentials.token !== null) {
    const hashes = await readTokens(context.database, context.tables, attemptId, context.clock());
    return matchesToken(credentials.token, hashes) ? attempt : null;
  }
  if (attempt.identity === null) return null;
  const identity = await credentials.identify();
  return identity !== null && equalHashes(hashIdentity(identity), attempt.identity) ? attempt : null;
}
