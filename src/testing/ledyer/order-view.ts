/** What get-order shows of an order. Pure. */
import { amountObject, type LedyerLine, sumOf } from './lines.js';
import { type Chunk, type LedyerOrder, refundableOf, totalOf } from './order.js';

type Json = Readonly<Record<string, unknown>>;

export interface ViewOptions {
  readonly minorUnits: boolean;
  /** The trap: confirmed, and `capture` not among the actions. */
  readonly withoutCapture: boolean;
}

export type OrderStatusWord =
  | 'unacknowledged'
  | 'uncaptured'
  | 'partiallyCaptured'
  | 'fullyCaptured'
  | 'partiallyRefunded'
  | 'fullyRefunded'
  | 'cancelled'
  | 'expired';

export function orderView(order: LedyerOrder, options: ViewOptions): Json {
  const { currency, uncaptured } = order;
  const amount = (minor: number): Json => amountObject(minor, currency, options.minorUnits);
  const chunk = (part: Chunk, availableActions: readonly string[]): Json => ({
    ledgerId: part.ledgerId,
    createdAt: part.createdAt,
    orderLines: part.lines.map((line) => lineView(line, amount)),
    availableActions: availableActions.map((type) => ({ type })),
    ...(part.note === null ? {} : { note: part.note }),
  });
  const all = [...(uncaptured === null ? [] : [uncaptured]), ...order.captured];
  const totals = sumOf(all.flatMap(({ lines }) => lines));
  return {
    id: order.id,
    status: statusWords(order),
    authorizeStatus: 'authorized',
    orderReference: order.orderReference,
    merchantReference: order.merchantReference ?? '',
    paymentMethod: { provider: 'ledyer', type: order.paymentMethod },
    country: order.country,
    currency,
    customer: order.customer,
    metadata: order.metadata,
    uncaptured: uncaptured === null ? null : chunk(uncaptured, actionsOfRest(order, options)),
    captured: order.captured.map((part) =>
      chunk(part, refundableOf(order, part) > 0 ? ['refund', 'partialRefund'] : []),
    ),
    refunded: order.refunded.map((part) => chunk(part, [])),
    totalOrderAmount: amount(totals.total),
    totalOrderAmountExclVat: amount(totals.total - totals.vat),
    totalOrderVatAmount: amount(totals.vat),
    uncapturedAmount: amount(uncaptured === null ? 0 : totalOf([uncaptured])),
    capturedAmount: amount(totalOf(order.captured)),
    refundedAmount: amount(totalOf(order.refunded)),
    events: order.events.map(({ id, type, createdAt, amountMinor, ledgerId }) => ({
      id,
      type,
      createdAt,
      amount: amount(amountMinor),
      ledgerId,
      orderId: order.id,
    })),
    riskProfile: { tags: [] },
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    expiresAt: order.expiresAt,
  };
}

export function statusWords(order: LedyerOrder): readonly OrderStatusWord[] {
  const words: OrderStatusWord[] = order.acknowledged ? [] : ['unacknowledged'];
  if (order.expired) return [...words, 'expired'];
  if (order.captured.length === 0) return [...words, order.uncaptured === null ? 'cancelled' : 'uncaptured'];
  words.push(
    ...(order.uncaptured === null
      ? (['fullyCaptured'] as const)
      : (['partiallyCaptured', 'uncaptured'] as const)),
  );
  if (order.uncaptured === null && isWhollyRefunded(order)) words.push('fullyRefunded');
  else if (order.refunded.length > 0) words.push('partiallyRefunded');
  return words;
}

export function isWhollyRefunded(order: LedyerOrder): boolean {
  return order.captured.length > 0 && order.captured.every((capture) => refundableOf(order, capture) === 0);
}

/** What may be done to the open rest now. */
export function actionsOfRest(
  order: LedyerOrder,
  { withoutCapture }: Pick<ViewOptions, 'withoutCapture'>,
): readonly string[] {
  if (order.uncaptured === null || order.expired) return [];
  const isPaidBefore = order.paymentMethod === 'advanceInvoice';
  // An advance invoice waits for the acknowledgement, every other method does not.
  const isCapturable = order.phase === 'ready' && !withoutCapture && (!isPaidBefore || order.acknowledged);
  const isPaid = isPaidBefore && order.phase === 'ready';
  return [
    ...(isCapturable ? ['capture', 'partialCapture'] : []),
    ...(isPaid ? [] : ['edit', 'cancel']),
    ...(order.paymentMethod === 'invoice' ? ['editPaymentMethod'] : []),
  ];
}

function lineView(line: LedyerLine, amount: (minor: number) => Json): Json {
  const { id, type, reference, description, quantity, vat } = line;
  return {
    id,
    type,
    reference,
    description,
    quantity,
    vat,
    totalAmount: amount(line.totalAmount),
    totalVatAmount: amount(line.totalVatAmount),
  };
}
