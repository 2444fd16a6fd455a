/** Where the database is, without its password. */
import { CommandError } from './failure.js';

/** @throws {CommandError} `invalid-database-url`. The address may hold a password, so it is not repeated. */
export function checkDatabaseUrl(url: string, from: '--database-url' | 'DATABASE_URL'): string {
  if (!URL.canParse(url) || !['postgres:', 'postgresql:'].includes(new URL(url).protocol)) {
    throw new CommandError(
      'invalid-database-url',
      `${from} is not a PostgreSQL address.`,
      'Give one like postgres://user:password@host:5432/name, with special characters of the password percent-encoded.',
    );
  }
  return url;
}

/** `user@host:5432/name`, for people. */
export function placeOf(url: string): string {
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  const host = hostname === '' ? (searchParams.get('host') ?? 'localhost') : hostname;
  const user = username === '' ? '' : `${decodeURIComponent(username)}@`;
  return `${user}${host}:${port === '' ? '5432' : port}${decodeURIComponent(pathname)}`;
}

/** What must never be shown: the password as it is written in the address, and as it is meant. */
export function secretsOf(url: string | undefined): readonly string[] {
  if (url === undefined || url === '') return [];
  if (!URL.canParse(url)) return [url];
  const { password } = new URL(url);
  if (password === '') return [url];
  try {
    return [url, password, decodeURIComponent(password)];
  } catch {
    return [url, password];
  }
}

/** The text with every secret in it struck out. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
}
