/** A time as a parameter, whatever the session's time zone. */
export function toTime(ms: number): Date {
  return new Date(ms);
}

/**
 * A `timestamptz` column as milliseconds since the epoch. Done in SQL, because a host may have taught its
 * driver another reading of dates.
 */
export function msOf(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}
