/** The kit's tables by their full names, so that no statement depends on the host's `search_path`. */
export interface Tables {
  readonly schema: string;
  readonly migrations: string;
  readonly orders: string;
  readonly transitions: string;
  readonly effects: string;
  readonly reviews: string;
  readonly inbox: string;
  readonly subjects: string;
  readonly attempts: string;
  readonly attemptTokens: string;
  readonly signals: string;
  readonly subjectNames: string;
  readonly parkedTriggers: string;
  readonly redirectSessions: string;
  readonly attemptKeys: string;
  readonly parkedPayments: string;
  readonly settlementReadings: string;
}

/** What a schema may be called: written into statements, so nothing that would need quoting. */
export const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** A review's order as its unique index has it: only so is the index used. Reviews of no order have `''`. */
export function reviewOrder(alias: string): string {
  return `coalesce(${alias}.order_ref, '')`;
}

/** @param schema Already checked against {@link SCHEMA_NAME}. */
export function tablesOf(schema: string): Tables {
  const named = (table: string): string => `"${schema}".${table}`;
  return {
    schema,
    migrations: named('migrations'),
    orders: named('orders'),
    transitions: named('transitions'),
    effects: named('effects'),
    reviews: named('reviews'),
    inbox: named('inbox'),
    subjects: named('subjects'),
    attempts: named('attempts'),
    attemptTokens: named('attempt_tokens'),
    signals: named('signals'),
    subjectNames: named('subject_names'),
    parkedTriggers: named('parked_triggers'),
    redirectSessions: named('redirect_sessions'),
    attemptKeys: named('attempt_keys'),
    parkedPayments: named('parked_payments'),
    settlementReadings: named('settlement_readings'),
  };
}
