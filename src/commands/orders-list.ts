import type { Command } from './command.js';
import { table, time } from './text.js';
import { readLimit, readSettlement } from './values.js';

export const ordersList: Command = {
  name: 'orders list',
  summary: 'The newest orders and where they stand',
  positionals: [],
  options: ['settlement', 'limit'],
  needs: 'tables',
  examples: [
    'npx checkout-embed orders',
    'npx checkout-embed orders list --limit=10 --json',
    'npx checkout-embed orders list --settlement=past_due',
  ],
  read: ({ flags }) => {
    const wanted = { ...readLimit(flags), ...readSettlement(flags) };
    return async ({ desk }) => {
      const orders = await desk.orders.list(wanted);
      const rows = orders.map((order) => [
        order.ref,
        order.settlement === null ? order.status : `${order.status}, ${order.settlement}`,
        order.vendor,
        order.openReviews === 0 ? '' : String(order.openReviews),
        time(order.createdAt),
        time(order.updatedAt),
      ]);
      const columns = ['ORDER', 'STATUS', 'VENDOR', 'OPEN REVIEWS', 'CREATED', 'CHANGED'];
      return { exitCode: 0, json: { orders }, text: table(columns, rows) || 'There are no orders.' };
    };
  },
};
