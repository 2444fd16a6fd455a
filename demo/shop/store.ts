/** The merchant's own tables, beside the kit's: who is logged in, what is being bought, what was granted. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS shop;
  CREATE TABLE IF NOT EXISTS shop.sessions (
    id text PRIMARY KEY,
    buyer_id text,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE IF NOT EXISTS shop.orders (
    ref text PRIMARY KEY,
    session_id text NOT NULL REFERENCES shop.sessions (id) ON DELETE CASCADE,
    buyer_id text,
    plan text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX IF NOT EXISTS orders_by_session ON shop.orders (session_id, created_at DESC);
  -- No unique key on the order: were an effect to run twice, there would be two rows, and tests look for them.
  CREATE TABLE IF NOT EXISTS shop.entitlements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_ref text NOT NULL,
    effect_key text NOT NULL,
    subscription_id text,
    customer_id text,
    plan_id text,
    granted_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS entitlements_by_order ON shop.entitlements (order_ref);
  -- One session at Ledyer for an order, however often the buyer goes to the checkout.
  CREATE TABLE IF NOT EXISTS shop.ledyer_sessions (
    order_ref text PRIMARY KEY REFERENCES shop.orders (ref) ON DELETE CASCADE,
    session_id text NOT NULL,
    order_id text NOT NULL
  );
`;

/** One visitor's cookie, and who is logged in behind it. */
export interface Session {
  readonly id: string;
  readonly buyerId: string | null;
}

export interface ShopOrder {
  readonly ref: string;
  readonly sessionId: string;
  /** Vanity of the plan, or id of the product. */
  readonly plan: string;
}

/** What Ledyer calls an order of the shop. */
export interface LedyerIds {
  /** `se_…` */
  readonly sessionId: string;
  /** `or_…` */
  readonly orderId: string;
}

export interface Entitlement {
  readonly orderRef: string;
  readonly subscriptionId: string | null;
  readonly customerId: string | null;
  readonly planId: string | null;
  /** Vanity of the plan or id of the product; `null` for what was sold without an order of the shop. */
  readonly plan: string | null;
  /** ISO 8601. */
  readonly grantedAt: string;
  /** ISO 8601, or `null` while the access lasts. */
  readonly revokedAt: string | null;
}

export class ShopStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Safe to run at every start. */
  async prepare(): Promise<void> {
    await this.#pool.query(SCHEMA);
  }

  async newSession(): Promise<Session> {
    const id = randomBytes(24).toString('base64url');
    await this.#pool.query('INSERT INTO shop.sessions (id) VALUES ($1)', [id]);
    return { id, buyerId: null };
  }

  async session(id: string): Promise<Session | null> {
    const { rows } = await this.#pool.query<{ id: string; buyer_id: string | null }>(
      'SELECT id, buyer_id FROM shop.sessions WHERE id = $1',
      [id],
    );
    const row = rows[0];
    return row === undefined ? null : { id: row.id, buyerId: row.buyer_id };
  }

  /** `null` logs out. The next order is another one: an attempt belongs to whoever opened it. */
  async logIn(session: Session, buyerId: string | null): Promise<void> {
    await this.#pool.query('UPDATE shop.sessions SET buyer_id = $2 WHERE id = $1', [session.id, buyerId]);
  }

  /** The visitor's basket: the latest order of this login, made where there is none. */
  async currentOrder(session: Session, plan: string): Promise<ShopOrder> {
    const { rows } = await this.#pool.query<{ ref: string }>(
      `SELECT ref FROM shop.orders
        WHERE session_id = $1 AND buyer_id IS NOT DISTINCT FROM $2 AND plan = $3
        ORDER BY created_at DESC LIMIT 1`,
      [session.id, session.buyerId, plan],
    );
    const ref = rows[0]?.ref;
    return ref === undefined ? this.newOrder(session, plan) : { ref, sessionId: session.id, plan };
  }

  async newOrder(session: Session, plan: string): Promise<ShopOrder> {
    const ref = `PL-${randomBytes(4).toString('hex').toUpperCase()}`;
    await this.#pool.query(
      'INSERT INTO shop.orders (ref, session_id, buyer_id, plan) VALUES ($1, $2, $3, $4)',
      [ref, session.id, session.buyerId, plan],
    );
    return { ref, sessionId: session.id, plan };
  }

  /** `null` unless the order is this visitor's own. */
  async orderOf(session: Session, ref: string): Promise<ShopOrder | null> {
    const { rows } = await this.#pool.query<{ ref: string; plan: string }>(
      'SELECT ref, plan FROM shop.orders WHERE ref = $1 AND session_id = $2',
      [ref, session.id],
    );
    const row = rows[0];
    return row === undefined ? null : { ref: row.ref, sessionId: session.id, plan: row.plan };
  }

  /** References of this visitor's, newest first. */
  async latestOrders(session: Session, limit: number): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ ref: string }>(
      'SELECT ref FROM shop.orders WHERE session_id = $1 ORDER BY created_at DESC LIMIT $2',
      [session.id, limit],
    );
    return rows.map(({ ref }) => ref);
  }

  /** Milliseconds since 1970; `null` for no order. */
  async startedAt(orderRef: string): Promise<number | null> {
    const { rows } = await this.#pool.query<{ created_at: Date }>(
      'SELECT created_at FROM shop.orders WHERE ref = $1',
      [orderRef],
    );
    return rows[0]?.created_at.getTime() ?? null;
  }

  async ledyerIds(orderRef: string): Promise<LedyerIds | null> {
    const { rows } = await this.#pool.query<{ session_id: string; order_id: string }>(
      'SELECT session_id, order_id FROM shop.ledyer_sessions WHERE order_ref = $1',
      [orderRef],
    );
    const row = rows[0];
    return row === undefined ? null : { sessionId: row.session_id, orderId: row.order_id };
  }

  /** The first to come is kept. @returns the ones that are kept. */
  async keepLedyerIds(orderRef: string, { sessionId, orderId }: LedyerIds): Promise<LedyerIds> {
    await this.#pool.query(
      `INSERT INTO shop.ledyer_sessions (order_ref, session_id, order_id) VALUES ($1, $2, $3)
       ON CONFLICT (order_ref) DO NOTHING`,
      [orderRef, sessionId, orderId],
    );
    return (await this.ledyerIds(orderRef)) ?? { sessionId, orderId };
  }

  /** What this visitor may use: their orders, and what the vendor sold to the same customer without one. */
  async accessOf(session: Session, customerId: string | null): Promise<readonly Entitlement[]> {
    return this.#entitlements(
      `WHERE revoked_at IS NULL AND (
         order_ref IN (SELECT ref FROM shop.orders WHERE session_id = $1
                          AND buyer_id IS NOT DISTINCT FROM $2)
         OR ($3::text IS NOT NULL AND customer_id = $3))`,
      [session.id, session.buyerId, customerId],
    );
  }

  /** Every row ever written for the order, revoked ones too. */
  async grantsOf(orderRef: string): Promise<readonly Entitlement[]> {
    return this.#entitlements('WHERE order_ref = $1', [orderRef]);
  }

  async #entitlements(where: string, values: readonly unknown[]): Promise<readonly Entitlement[]> {
    const { rows } = await this.#pool.query<{
      order_ref: string;
      subscription_id: string | null;
      customer_id: string | null;
      plan_id: string | null;
      plan: string | null;
      granted_at: Date;
      revoked_at: Date | null;
    }>(
      `SELECT e.*, o.plan FROM shop.entitlements e LEFT JOIN shop.orders o ON o.ref = e.order_ref
        ${where} ORDER BY e.id`,
      [...values],
    );
    return rows.map((row) => ({
      orderRef: row.order_ref,
      subscriptionId: row.subscription_id,
      customerId: row.customer_id,
      planId: row.plan_id,
      plan: row.plan,
      grantedAt: row.granted_at.toISOString(),
      revokedAt: row.revoked_at?.toISOString() ?? null,
    }));
  }
}
