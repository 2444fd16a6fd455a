/** A Ledyer order as the vendor keeps it, and how it comes into being. Values: a change makes a new one. */
import { ORDER_LIFETIME_MS } from './assumptions.js';
import { newId } from './ids.js';
import { type LedyerLine, sumOf } from './lines.js';
import type { LedyerSession } from './session.js';

export const PAYMENT_METHODS = ['invoice', 'advanceInvoice', 'card', 'partPayment', 'bankTransfer'] as const;
export type LedyerPaymentMethod = (typeof PAYMENT_METHODS)[number];

/**
 * How far the vendor is with an order. `review`: a person there looks at it. `unpaid`: an advance invoice is
 * out. `confirmed`: good, and not to be captured for a moment yet. `ready`: may be captured.
 */
export type OrderPhase = 'review' | 'unpaid' | 'confirmed' | 'ready';

/** A part of an order with its own ledger id: the open rest, one capture, one refund. */
export interface Chunk {
  /** `in_…` */
  readonly ledgerId: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly lines: readonly LedyerLine[];
  readonly note: string | null;
  /** Of a refund: the capture it is of. */
  readonly captureLedgerId: string | null;
}

export type OrderEventType =
  | 'authorize'
  | 'create'
  | 'readyForCapture'
  | 'acknowledge'
  | 'setReference'
  | 'edit'
  | 'extendExpiry'
  | 'partialCapture'
  | 'fullCapture'
  | 'partialRefund'
  | 'fullRefund'
  | 'cancel';

export interface OrderEvent {
  readonly id: string;
  readonly type: OrderEventType;
  readonly createdAt: string;
  readonly amountMinor: number;
  readonly ledgerId: string | null;
}

export interface LedyerOrder {
  /** `or_…` */
  readonly id: string;
  readonly orderReference: string;
  readonly merchantReference: string | null;
  readonly paymentMethod: LedyerPaymentMethod;
  readonly currency: string;
  readonly country: string;
  readonly customer: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly phase: OrderPhase;
  readonly acknowledged: boolean;
  /** What is not captured; `null` when nothing is left. */
  readonly uncaptured: Chunk | null;
  readonly captured: readonly Chunk[];
  readonly refunded: readonly Chunk[];
  /** Uncaptured lines were cancelled at some time. */
  readonly cancelled: boolean;
  readonly expired: boolean;
  /** Newest first. */
  readonly events: readonly OrderEvent[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
}

export function newOrder(
  session: LedyerSession,
  id: string,
  paymentMethod: LedyerPaymentMethod,
  phase: OrderPhase,
  nowMs: number,
): LedyerOrder {
  const createdAt = new Date(nowMs).toISOString();
  const order: LedyerOrder = {
    id,
    orderReference: String(nowMs).slice(-9),
    merchantReference: session.reference,
    paymentMethod,
    currency: session.currency,
    country: session.country,
    customer: session.customer,
    metadata: session.metadata,
    phase,
    acknowledged: false,
    uncaptured: newChunk(session.lines, createdAt),
    captured: [],
    refunded: [],
    cancelled: false,
    expired: false,
    events: [],
    createdAt,
    updatedAt: createdAt,
    expiresAt: new Date(nowMs + ORDER_LIFETIME_MS).toISOString(),
  };
  return noted(order, 'create', createdAt, sumOf(session.lines).total);
}

export function newChunk(
  lines: readonly LedyerLine[],
  createdAt: string,
  more: Partial<Pick<Chunk, 'note' | 'captureLedgerId'>> = {},
): Chunk {
  return { ledgerId: newId('in'), createdAt, lines, note: null, captureLedgerId: null, ...more };
}

/** The order with one more entry in its history. */
export function noted(
  order: LedyerOrder,
  type: OrderEventType,
  at: string,
  amountMinor = 0,
  ledgerId: string | null = null,
): LedyerOrder {
  const event: OrderEvent = { id: newId('oe'), type, createdAt: at, amountMinor, ledgerId };
  return { ...order, events: [event, ...order.events], updatedAt: at };
}

export function totalOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { lines }) => sum + sumOf(lines).total, 0);
}

/** What may still be refunded of one capture, in minor units. */
export function refundableOf(order: LedyerOrder, capture: Chunk): number {
  const refunds = order.refunded.filter(({ captureLedgerId }) => captureLedgerId === capture.ledgerId);
  return totalOf([capture]) - totalOf(refunds);
}
