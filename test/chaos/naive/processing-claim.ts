/** A claim "processing" per message; a repeat is answered 200 meanwhile, and given back when the work fails. */
import type { NaiveReceiver } from './receiver.js';

export const processingClaim: NaiveReceiver = {
  tables: ['claims (message_id text PRIMARY KEY, state text NOT NULL)'],
  receive: async (message, shop) => {
    const { rowCount } = await shop.pool.query(
      `INSERT INTO ${shop.schema}.claims (message_id, state) VALUES ($1, 'processing') ON CONFLICT DO NOTHING`,
      [message.id],
    );
    if (rowCount === 0) return 200;
    try {
      await shop.fulfillOnce(message);
    } catch (error) {
      await shop.pool.query(`DELETE FROM ${shop.schema}.claims WHERE message_id = $1`, [message.id]);
      throw error;
    }
    await shop.pool.query(`UPDATE ${shop.schema}.claims SET state = 'done' WHERE message_id = $1`, [
      message.id,
    ]);
    return 200;
  },
};
