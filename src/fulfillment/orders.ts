import type { OrderStatus, Vendor } from '../protocol/index.js';
import type { KitContext } from './context.js';
import type { Fact, FactSet, ReviewReason } from './order-facts.js';
import type { OrderSettlement } from './order-settlement.js';
import { listOrders, type OrderHead } from './postgres/list-orders.js';
import { readOrderParts } from './postgres/read-order-parts.js';
import type { EffectEvidence, EffectKind } from './ports.js';
import type { Resolution } from './review-answers.js';

/** Orders in one list. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** One line of the list. Times are ISO 8601. */
export interface OrderSummary {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly status: OrderStatus;
  readonly version: number;
  /** Set when a subscription without a reference made this order. */
  readonly unreferenced: 'fulfill' | 'review' | null;
  /** Set while the reference is nobody's yet. */
  readonly parkedUntil: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Set once what was known of its buyer was erased. */
  readonly erasedAt: string | null;
  readonly openReviews: number;
  /**
   * How the money stands where a payment was only accepted: such an order is fulfilled, and may be unsettled. `null`:
   * no payment was.
   */
  readonly settlement: OrderSettlement | null;
}

/** Everything that is kept about one order, but for raw bodies, tokens and identities. */
export interface OrderDetail extends OrderSummary {
  readonly facts: readonly Fact[];
  readonly effects: readonly {
    readonly kind: EffectKind;
    readonly epoch: string;
    readonly state: 'due' | 'done' | 'dead' | 'unknown';
    readonly wanted: boolean;
    readonly begun: boolean;
    readonly evidence: EffectEvidence;
    readonly tries: number;
    readonly lastError: string | null;
    readonly runAt: string;
    readonly doneAt: string | null;
  }[];
  readonly reviews: readonly {
    readonly id: string;
    readonly key: string;
    readonly reason: ReviewReason;
    readonly evidence: Readonly<Record<string, string | number | null>>;
    readonly openedAt: string;
    readonly resolvedAt: string | null;
    readonly resolution: Resolution | null;
    /** Who answered, in the words of the tool that was used. */
    readonly resolvedBy: string | null;
  }[];
  /** Newest first. */
  readonly transitions: readonly {
    readonly version: number;
    readonly from: OrderStatus | null;
    readonly to: OrderStatus;
    readonly cause: string;
    readonly at: string;
  }[];
  /** What arrived from the vendor and what was read there, newest first. */
  readonly deliveries: readonly {
    readonly source: 'delivery' | 'refetch' | 'reconcile';
    readonly messageId: string;
    readonly topic: string;
    readonly subject: string | null;
    readonly outcome: 'applied' | 'waiting' | 'ignored' | 'unreadable';
    readonly why: string | null;
    readonly receivedAt: string;
  }[];
  readonly subjects: readonly {
    readonly subject: string;
    readonly dirtyGeneration: number;
    readonly cleanGeneration: number;
    readonly failures: number;
    readonly lastError: string | null;
  }[];
  /** Newest first. */
  readonly attempts: readonly {
    readonly id: string;
    readonly active: boolean;
    /** Whether somebody was logged in. */
    readonly identified: boolean;
    /** Why the checkout went on without the order's reference; `null` while it should carry it. */
    readonly unbound: string | null;
    readonly planId: string | null;
    /** The vendor's hosted checkout, to be looked up in its portal; `null` where there is none. */
    readonly sessionId: string | null;
    readonly createdAt: string;
    readonly lastTokenAt: string;
    readonly nextReconcileAt: string | null;
    readonly askedEmptyAt: string | null;
    readonly signals: readonly {
      readonly kind: string;
      readonly status: string | null;
      readonly reason: string | null;
      readonly receivedAt: string;
    }[];
  }[];
}

/** For operators and their tools. Read only. */
export interface Orders {
  /** Newest first. @param limit 1 to 500, default 50. @param settlement Only those whose money stands so. */
  list(options?: {
    readonly limit?: number;
    readonly settlement?: OrderSettlement;
  }): Promise<readonly OrderSummary[]>;
  read(orderRef: string): Promise<OrderDetail | null>;
}

export function ordersOf(context: Pick<KitContext, 'database' | 'tables'>): Orders {
  const { database, tables } = context;
  return {
    list: async ({ limit = DEFAULT_LIMIT, settlement } = {}) => {
      const bounded = Math.min(Math.max(Math.trunc(limit), 1), MAX_LIMIT);
      return (await listOrders(database, tables, { limit: bounded, settlement })).map(toSummary);
    },
    read: async (orderRef) => {
      const [head] = await listOrders(database, tables, { ref: orderRef });
      const parts = head === undefined ? null : await readOrderParts(database, tables, orderRef);
      if (head === undefined || parts === null) return null;
      const { facts, ...rest } = parts as unknown as Omit<OrderDetail, keyof OrderSummary | 'facts'> & {
        readonly facts: FactSet;
      };
      return { ...toSummary(head), ...rest, facts: Object.values(facts) };
    },
  };
}

function toSummary(head: OrderHead): OrderSummary {
  const { ref, vendor, status, version, unreferenced, openReviews, settlement } = head;
  return {
    ref,
    vendor,
    status,
    version,
    unreferenced,
    openReviews,
    settlement,
    parkedUntil: head.parkedUntilMs === null ? null : toIso(head.parkedUntilMs),
    createdAt: toIso(head.createdAtMs),
    updatedAt: toIso(head.updatedAtMs),
    erasedAt: head.erasedAtMs === null ? null : toIso(head.erasedAtMs),
  };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
