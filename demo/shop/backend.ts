/** The merchant's backend: the kit, told who the buyer is, what is sold, and what to do once it is paid. */
import type pg from 'pg';
import {
  createFulfillmentKit,
  idempotentEffect,
  transactionEffect,
  type FulfillmentKit,
  type LogEntry,
  type ResolvedOrder,
} from 'checkout-embed/fulfillment';
import { BUYERS, identityOf, type CustomerSource } from './buyers.js';
import { readSessionId } from './cookies.js';
import { ShopStore, type Session, type ShopOrder } from './store.js';
import { catalogueOf, GATED_PLAN, type Catalogue } from './catalogue.js';
import { Fates } from './fates.js';
import { Feed } from './feed.js';
import { LastLook } from './last-look.js';
import { Later } from './later.js';
import { productOf } from './products.js';
import { switchBoardOf, type SwitchBoard } from './switches.js';
import type { Sandboxes } from '../sandboxes.js';
import type { ShopVendor } from '../pages/settings.js';
import { vendorsOf } from './vendors.js';

export interface Backend {
  readonly kit: FulfillmentKit;
  readonly store: ShopStore;
  readonly catalogue: Catalogue;
  readonly customers: CustomerSource;
  readonly fates: Fates;
  readonly sandboxes: Sandboxes;
  /** The vendors' scenarios and assumptions. */
  readonly switches: SwitchBoard;
  /** Scenarios that wait for a checkout to be open. */
  readonly later: Later;
  readonly lastLook: LastLook;
  /** What the kit said, for the QA console. */
  readonly log: Feed<LogLine>;
  close(): Promise<void>;
}

export interface LogLine extends LogEntry {
  /** ISO 8601. */
  readonly at: string;
}

interface BackendOptions {
  readonly pool: pg.Pool;
  readonly sandboxes: Sandboxes;
  readonly shopOrigin: string;
  readonly warn: (line: string) => void;
  readonly takesMetered: boolean;
}

export async function createBackend({
  pool,
  sandboxes,
  shopOrigin,
  warn,
  takesMetered,
}: BackendOptions): Promise<Backend> {
  const sandbox = sandboxes.ledgerbee;
  const store = new ShopStore(pool);
  await store.prepare();
  const catalogue = catalogueOf(sandbox);
  const customers = catalogue.customers;
  const log = new Feed<LogLine>();
  const fates = new Fates();
  const stopCancelling = fates.cancelIn(sandboxes);

  const sessionOf = async (request: Request): Promise<Session | null> => {
    const id = readSessionId(request.headers.get('cookie'));
    return id === null ? null : store.session(id);
  };

  const kit: FulfillmentKit = createFulfillmentKit({
    database: pool,
    origins: [shopOrigin],
    identify: async (request) => {
      const session = await sessionOf(request);
      const buyer = BUYERS.find(({ id }) => id === session?.buyerId);
      return buyer === undefined ? null : identityOf(buyer, customers);
    },
    resolveOrder: async (request, { order, vendor }) => {
      const session = await sessionOf(request);
      if (session === null || order === undefined) return null;
      const found = await store.orderOf(session, order);
      return found === null ? null : soldAs(found, vendor, catalogue, fates);
    },
    vendors: vendorsOf(sandboxes, shopOrigin, takesMetered),
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
    onReview: async ({ id, orderRef }) => {
      if (orderRef === null || fates.of(orderRef) !== 'refused') return;
      await kit.reviews.resolve(id, { resolution: 'reject', by: 'the QA console' });
    },
    log: (entry) => {
      log.push({ ...entry, at: new Date().toISOString() });
      if (entry.level === 'error') warn(`${entry.event}: ${entry.message}`);
    },
  });
  await kit.start();
  const close = (): Promise<void> => {
    stopCancelling();
    return kit.close();
  };
  return {
    kit,
    store,
    catalogue,
    customers,
    fates,
    sandboxes,
    switches: switchBoardOf(sandboxes),
    later: new Later(),
    lastLook: new LastLook(),
    log,
    close,
  };
}

/** What an order is for, and with which vendor alone it may be paid: by the shop's own list, whatever a page says. */
function soldAs(
  { ref, plan }: ShopOrder,
  vendor: ShopVendor,
  { planId, gatedPlanId }: Catalogue,
  fates: Fates,
): ResolvedOrder | null {
  const product = productOf(plan);
  if (product !== null) {
    const { amountMinor, currency } = product;
    return product.vendor === vendor ? { orderRef: ref, amountMinor, currency } : null;
  }
  if (vendor !== 'ledgerbee') return null;
  const sold = plan === GATED_PLAN ? gatedPlanId : planId;
  const other = sold === planId ? gatedPlanId : planId;
  return { orderRef: ref, planId: fates.of(ref) === 'other-plan' ? other : sold };
}
