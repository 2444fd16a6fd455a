import type { SqlClient } from '../ports.js';

/** Statements that would end the kit's transaction, and with it the promise that the effect happens once. */
const ENDS_TRANSACTION =
  /^\s*(begin|start\s+transaction|commit|end|abort|rollback(?!\s+(work\s+|transaction\s+)?to\b)|prepare\s+transaction)\b/i;

/** What a merchant's effect gets as `tx`. */
export interface MerchantClient extends SqlClient {
  /** The effect is over: what a function that was not waited for still sends must not reach the connection. */
  close(): void;
}

export function merchantClient(sql: SqlClient): MerchantClient {
  let open = true;
  return {
    close: () => {
      open = false;
    },
    query: (text, values) => {
      if (!open)
        return Promise.reject(new Error('This transaction effect is over; its tx can no longer be used.'));
      if (ENDS_TRANSACTION.test(text)) {
        return Promise.reject(
          new Error(
            'A transaction effect must not begin, commit or roll back: the kit does. Use a savepoint.',
          ),
        );
      }
      return sql.query(text, values);
    },
  };
}
