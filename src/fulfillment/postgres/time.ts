/** A time as a parameter, whatever the session's time zone. */
export function toTime(ms: number): Date {
  return new Date(ms);
}

/** The same inside an array, where the driver's own way costs several times as much. */
export function toTimeText(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * A `timestamptz` column as milliseconds since the epoch. Done in SQL, because a host may have taught its
 * driver another reading of dates.
 */
export function msOf(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}
