/** The merchants' own tables. Without any unique key, so that a second grant would show. */
import type pg from 'pg';

export async function createMerchantTables(client: pg.Client): Promise<void> {
  await client.query('CREATE SCHEMA merchant');
  for (const table of ['grants', 'mails']) {
    await client.query(
      `CREATE TABLE merchant.${table} (
         number bigint GENERATED ALWAYS AS IDENTITY,
         order_ref text NOT NULL,
         kind text NOT NULL,
         effect_key text NOT NULL
       )`,
    );
  }
}
