/**
 * What the examples share: the kit, and the merchant's own part in miniature. Yours asks your login and your own
 * tables; here both are a line of memory each. No file beside this one knows what is sold.
 */
import { createFulfillmentKit, transactionEffect, type Identity } from 'checkout-embed/fulfillment';
import { ledgerbee } from 'checkout-embed/fulfillment/ledgerbee';
import pg from 'pg';

const buyer: Identity = { email: 'ida@nordlys.example', customerId: setting('CUSTOMER_ID') };
/** Who is logged in, by the cookie `session`. */
const SESSIONS: ReadonlyMap<string, Identity> = new Map([['the-session-of-ida', buyer]]);
/** What is for sale, and to whom alone. */
const ORDERS: ReadonlyMap<string, { readonly buyer: Identity; readonly planId: string }> = new Map([
  ['order-1042', { buyer, planId: setting('PLAN_ID') }],
]);

export const pool = new pg.Pool({ connectionString: setting('DATABASE_URL') });
await pool.query('CREATE TABLE IF NOT EXISTS licenses (order_ref text PRIMARY KEY, subscription_id text)');

export const kit = createFulfillmentKit({
  database: pool,
  identify: buyerOf,
  resolveOrder: (request, { order }) => {
    const found = order === undefined ? undefined : ORDERS.get(order);
    // An order of somebody else is no order, whatever the page says.
    if (order === undefined || found === undefined || found.buyer !== buyerOf(request)) return null;
    return { orderRef: order, planId: found.planId };
  },
  vendors: [
    ledgerbee({
      apiBaseUrl: setting('LEDGERBEE_API'),
      ssoKey: setting('SSO_KEY'),
      apiKey: setting('API_KEY'),
      webhookSecrets: [setting('WEBHOOK_SECRET')],
    }),
  ],
  unreferenced: 'review',
  effects: {
    // In the kit's own transaction: it and "fulfilled" happen together, or neither does.
    fulfill: transactionEffect(async ({ order, evidence, tx }) => {
      await tx.query('INSERT INTO licenses VALUES ($1, $2)', [order.ref, evidence.subscriptionId ?? null]);
    }),
    revoke: transactionEffect(async ({ order, tx }) => {
      await tx.query('DELETE FROM licenses WHERE order_ref = $1', [order.ref]);
    }),
  },
});

/** This machine alone, until you say otherwise. */
export const host = process.env['HOST'] ?? '127.0.0.1';
export const port = Number(process.env['PORT'] ?? 3000);

/** Ends the process in good order: what was taken is finished, streams end, then the server and the pool. */
export function stopOnSignal(closeServer: () => unknown): void {
  const stop = async (): Promise<void> => {
    await kit.close();
    await closeServer();
    await pool.end();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

function buyerOf(request: Request): Identity | null {
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return (session === undefined ? undefined : SESSIONS.get(session)) ?? null;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Set ${name} in the environment`);
  return value;
}
