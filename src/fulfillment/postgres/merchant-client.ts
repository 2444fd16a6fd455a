import type { SqlClient } from '../ports.js';

/** Statements that would end the kit's transaction, and with it the promise that the effect happens once. */
const ENDS_TRANSACTION =
  /^\s*(begin|start\s+transaction|commit|end|abort|rollback(?!\s+(work\s+|transaction\s+)?to\b)|prepare\s+transaction)\b/i;

/** One of them behind another statement. `end` is left out: blocks of PL/pgSQL hold it. */
const ENDS_IT_LATER = /;\s*(commit|abort|rollback(?!\s+(work\s+|transaction\s+)?to\b))\b/i;
/** Before the first word. */
const LEADING = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

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
      if (endsTransaction(text)) {
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

/** @param statement `pg` also takes an object with a `text`, and query builders give it one. */
function endsTransaction(statement: unknown): boolean {
  const given =
    typeof statement === 'object' && statement !== null && 'text' in statement ? statement.text : statement;
  if (typeof given !== 'string') return false;
  const text = given.replace(LEADING, '');
  return ENDS_TRANSACTION.test(text) || ENDS_IT_LATER.test(text);
}
