/** The visitor's session cookie: read from any request, set on the first answer. */
const NAME = 'plumbline_session';

/** `null` when the cookie is absent or not of the shape we set. */
export function readSessionId(cookieHeader: string | null | undefined): string | null {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === NAME && value !== undefined && /^[\w-]{32}$/.test(value)) return value;
  }
  return null;
}

/** Not readable by scripts, not sent by other sites' forms. Plain http, because the demo is on loopback. */
export function sessionCookie(id: string): string {
  return `${NAME}=${id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000`;
}
