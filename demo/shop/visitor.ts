/** Who is asking: the session behind the cookie, made on the first visit. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { IDA, BUYERS, type Buyer, type CustomerSource } from './buyers.js';
import { readSessionId, sessionCookie } from './cookies.js';
import type { Session, ShopStore } from './store.js';

export async function visitorOf(
  store: ShopStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Session> {
  const id = readSessionId(request.headers.cookie);
  const known = id === null ? null : await store.session(id);
  if (known !== null) return known;
  const session = await store.newSession();
  response.setHeader('Set-Cookie', sessionCookie(session.id));
  return session;
}

export function buyerOf(session: Session): Buyer | null {
  return BUYERS.find(({ id }) => id === session.buyerId) ?? null;
}

/** The vendor's id of the logged-in buyer, where the shop knows it. */
export function customerIdOf(session: Session, customers: CustomerSource): string | null {
  return session.buyerId === IDA.id ? customers.knownCustomerId : null;
}
