/** The QA console's "Reconcile now": the vendors are asked at once, where the schedule would have waited, and it is told what came of it. */
import type { OrderDetail } from 'checkout-embed/fulfillment';
import type { Backend } from './backend.js';
import type { Session } from './store.js';

/** Of a visitor's orders, newest first; a tester makes one with every click. */
const ORDERS = 20;
/** What the vendor's word may still change. */
const WAITING: readonly OrderDetail['status'][] = ['open', 'pending', 'processing'];

/** One of the orders that a vendor was asked about. */
export interface AskedAbout {
  readonly order: string;
  readonly before: OrderDetail['status'];
  readonly after: OrderDetail['status'];
  /** Why a question got no answer, by the kit's codes. */
  readonly failures: readonly string[];
}

/** Asks about the order that is looked at, whatever its status, and about the visitor's others that wait for an answer. */
export async function reconcileNow(
  { kit, store }: Backend,
  session: Session,
  lookedAt: string,
): Promise<readonly AskedAbout[]> {
  const refs = await store.latestOrders(session, ORDERS);
  const known = await Promise.all(refs.map((ref) => kit.orders.read(ref)));
  const due = known
    .filter((order) => order !== null)
    .filter(({ ref, status }) => ref === lookedAt || WAITING.includes(status));
  const failures = new Map<string, readonly string[]>();
  for (const { ref } of due) {
    const result = await kit.reconcile(ref);
    failures.set(ref, 'failures' in result ? result.failures.map(({ code }) => code) : []);
  }
  // What was learned is done by the time this says so.
  await kit.tick();
  return Promise.all(
    due.map(async ({ ref, status }) => ({
      order: ref,
      before: status,
      after: (await kit.orders.read(ref))?.status ?? status,
      failures: failures.get(ref) ?? [],
    })),
  );
}
