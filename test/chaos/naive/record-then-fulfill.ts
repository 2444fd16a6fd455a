/** Record the order, commit, then fulfill: whoever comes later finds it recorded and has nothing to do. */
import type { NaiveReceiver } from './receiver.js';

export const recordThenFulfill: NaiveReceiver = {
  tables: ['recorded (order_ref text PRIMARY KEY)'],
  receive: async (message, shop) => {
    const { rowCount } = await shop.pool.query(
      `INSERT INTO ${shop.schema}.recorded (order_ref) VALUES ($1) ON CONFLICT DO NOTHING`,
      [message.orderRef],
    );
    if (rowCount === 0) return 200;
    await shop.fulfill(message);
    return 200;
  },
};
