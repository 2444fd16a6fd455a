/** The merchant's backend: the kit, told who the buyer is, what is sold, and what to do once it is paid. */
import type pg from 'pg';
import {
  createFulfillmentKit,
  idempotentEffect,
  transactionEffect,
  type FulfillmentKit,
  type LogEntry,
} from 'checkout-embed/fulfillment';
import { ledgerbee } from 'checkout-embed/fulfillment/ledgerbee';
import type { LedgerBeeSandbox } from 'checkout-embed/testing';
import { BUYERS, identityOf, type CustomerSource } from './buyers.js';
import { readSessionId } from './cookies.js';
import { ShopStore, type Session } from './store.js';
import { catalogueOf, GATED_PLAN, type Catalogue } from './catalogue.js';
import { Fates } from './fates.js';
import { Feed } from './feed.js';

export interface Backend {
  readonly kit: FulfillmentKit;
  readonly store: ShopStore;
  readonly catalogue: Catalogue;
  readonly customers: CustomerSource;
  readonly fates: Fates;
  /** What the kit said, for the QA console. */
  readonly log: Feed<LogEntry>;
  close(): Promise<void>;
}

interface BackendOptions {
  readonly pool: pg.Pool;
  readonly sandbox: LedgerBeeSandbox;
  readonly shopOrigin: string;
  readonly warn: (line: string) => void;
}

export async function createBackend({ pool, sandbox, shopOrigin, warn }: BackendOptions): Promise<Backend> {
  const store = new ShopStore(pool);
  await store.prepare();
  const catalogue = catalogueOf(sandbox);
  const customers = catalogue.customers;
  const log = new Feed<LogEntry>();
  const fates = new Fates();
  const stopCancelling = fates.cancelIn(sandbox);

  const sessionOf = async (request: Request): Promise<Session | null> => {
    const id = readSessionId(request.headers.get('cookie'));
    return id === null ? null : store.session(id);
  };

  const kit = createFulfillmentKit({
    database: pool,
    origins: [shopOrigin],
    identify: async (request) => {
      const session = await sessionOf(request);
      const buyer = BUYERS.find(({ id }) => id === session?.buyerId);
      return buyer === undefined ? null : identityOf(buyer, customers);
    },
    resolveOrder: async (request, { order }) => {
      const session = await sessionOf(request);
      if (session === null || order === undefined) return null;
      const found = await store.orderOf(session, order);
      if (found === null) return null;
      const { planId, gatedPlanId } = catalogue;
      const sold = found.plan === GATED_PLAN ? gatedPlanId : planId;
      const other = sold === planId ? gatedPlanId : planId;
      return { orderRef: found.ref, planId: fates.of(found.ref) === 'other-plan' ? other : sold };
    },
    vendors: [
      ledgerbee({
        apiBaseUrl: sandbox.apiBaseUrl,
        ssoKey: sandbox.keys.sso,
        apiKey: sandbox.keys.api,
        webhookSecrets: [sandbox.webhookSecret],
      }),
    ],
    unreferenced: 'fulfill',
    // Two buyers are a whole test suite here, and press more often than people do.
    rateLimits: false,
    effects: {
      // In the kit's own transaction: the row and "fulfilled" are written together or not at all.
      fulfill: transactionEffect(async ({ order, evidence, key, tx }) => {
        fates.allowGrant(order.ref);
        await tx.query(
          `INSERT INTO shop.entitlements (order_ref, effect_key, subscription_id, customer_id, plan_id)
           VALUES ($1, $2, $3, $4, $5)`,
          [
            order.ref,
            key,
            evidence.subscriptionId ?? null,
            evidence.customerId ?? null,
            evidence.planId ?? null,
          ],
        );
      }),
      // Repeated until it returns: written so that a second run changes nothing.
      revoke: idempotentEffect(async ({ order }) => {
        await pool.query(
          'UPDATE shop.entitlements SET revoked_at = now() WHERE order_ref = $1 AND revoked_at IS NULL',
          [order.ref],
        );
      }),
    },
    log: (entry) => {
      log.push(entry);
      if (entry.level === 'error') warn(`${entry.event}: ${entry.message}`);
    },
  });
  await kit.start();
  const close = (): Promise<void> => {
    stopCancelling();
    return kit.close();
  };
  return { kit, store, catalogue, customers, fates, log, close };
}
