/** What the naive receivers share: how a shop is told to fulfill, and how it knows that it has. */
import type pg from 'pg';
import type { Doing } from '../doings.js';

export interface Message {
  readonly id: string;
  readonly orderRef: string;
}

export interface NaiveShop {
  readonly pool: pg.Pool;
  /** The shop's tables. */
  readonly schema: string;
  /**
   * Has the order fulfilled, unless the shop's own table says that it was.
   * @throws when the sink or the database fails.
   */
  readonly fulfillOnce: (message: Message) => Promise<void>;
  /** As {@link fulfillOnce}, without looking. */
  readonly fulfill: (message: Message) => Promise<void>;
}

export interface NaiveReceiver {
  /** Tables it needs beside the shop's orders. */
  readonly tables: readonly string[];
  /** @returns the status it answers; throwing is 500, as in any framework. */
  readonly receive: (message: Message, shop: NaiveShop) => Promise<number>;
}

export function naiveShop(pool: pg.Pool, name: string, sinkOrigin: string): NaiveShop {
  const schema = `naive_${name}`;
  const fulfill = async ({ id, orderRef }: Message): Promise<void> => {
    // It even sends a key, the only one at hand: the message's own id.
    const doing: Doing = { orderRef, kind: 'fulfill', key: id };
    const response = await fetch(sinkOrigin, {
      method: 'POST',
      body: JSON.stringify(doing),
      signal: AbortSignal.timeout(2_000),
    });
    if (!response.ok) throw new Error(`the sink answered ${response.status}`);
    await response.json();
    await pool.query(
      `INSERT INTO ${schema}.orders (ref, fulfilled) VALUES ($1, true)
         ON CONFLICT (ref) DO UPDATE SET fulfilled = true`,
      [orderRef],
    );
  };
  return {
    pool,
    schema,
    fulfill,
    fulfillOnce: async (message) => {
      const { rows } = await pool.query(`SELECT 1 FROM ${schema}.orders WHERE ref = $1 AND fulfilled`, [
        message.orderRef,
      ]);
      if (rows.length === 0) await fulfill(message);
    },
  };
}
