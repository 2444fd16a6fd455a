/** Ids in memory, the work in the handler: the shape of a vendor's own sample. */
import type { NaiveReceiver } from './receiver.js';

const seen = new Set<string>();

export const inMemorySet: NaiveReceiver = {
  tables: [],
  receive: async (message, shop) => {
    if (seen.has(message.id)) return 200;
    await shop.fulfillOnce(message);
    seen.add(message.id);
    return 200;
  },
};
