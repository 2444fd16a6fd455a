/** What may be done to an order and what comes of it. Pure: an order in, the next one and its event out. */
import { LedyerFailure } from './failure.js';
import { type LedyerLine, readLines, sumOf } from './lines.js';
import { ORDER_LIFETIME_MS } from './assumptions.js';
import { type Chunk, type LedyerOrder, newChunk, noted, type OrderPhase, refundableOf } from './order.js';
import { actionsOfRest, isWhollyRefunded } from './order-view.js';
import type { LedyerEventType } from './event-types.js';

export interface Changed {
  readonly order: LedyerOrder;
  /** What is notified, if anything. */
  readonly event: LedyerEventType | null;
}

export interface Now {
  /** ISO 8601 */
  readonly at: string;
  /** The trap: capture is refused for a moment although the status says confirmed. */
  readonly withoutCapture: boolean;
}

type Body = Readonly<Record<string, unknown>>;

const MAX_REFERENCE_LENGTH = 50;

export function enterPhase(order: LedyerOrder, phase: OrderPhase, { at }: Now): Changed {
  const next = { ...order, phase };
  if (phase !== 'ready') return { order: { ...next, updatedAt: at }, event: null };
  return { order: noted(next, 'readyForCapture', at), event: 'com.ledyer.order.ready_for_capture' };
}

export function capture(order: LedyerOrder, body: Body, now: Now): Changed {
  const rest = requireRest(order, 'capture', now);
  const lines = readBodyLines(body, 'totalCaptureAmount');
  if (!isSame(rest.lines, lines)) {
    throw new LedyerFailure(422, 'the lines are not those that remain uncaptured', 'orderLines');
  }
  return captureLines(order, rest.lines, null, now);
}

/** A line sent with its id leaves the open rest; one without is captured beside it, and the order edited after. */
export function partialCapture(order: LedyerOrder, body: Body, now: Now): Changed {
  const rest = requireRest(order, 'partialCapture', now);
  const given = readBodyLines(body, 'totalCaptureAmount');
  const known = new Map(rest.lines.map((line) => [line.id, line]));
  const hasId = (body['orderLines'] as readonly Body[]).map((line) => typeof line['id'] === 'string');
  const lines = given.map((line, index) => {
    if (hasId[index] !== true) return line;
    const own = known.get(line.id);
    if (own === undefined) throw new LedyerFailure(422, 'is no uncaptured line', `orderLines[${index}].id`);
    return own;
  });
  if (sumOf(lines).total > sumOf(rest.lines).total) {
    throw new LedyerFailure(422, 'is more than what is uncaptured', 'totalCaptureAmount');
  }
  const taken = new Set(lines.map(({ id }) => id));
  const left = rest.lines.filter(({ id }) => !taken.has(id));
  return captureLines(order, lines, left.length === 0 ? null : { ...rest, lines: left }, now);
}

export function refund(order: LedyerOrder, ledgerId: string, body: Body, { at }: Now): Changed {
  const taken = requireCapture(order, ledgerId);
  if (refundableOf(order, taken) !== sumOf(taken.lines).total) {
    throw new LedyerFailure(409, 'a part of the capture was refunded already');
  }
  return refundLines(order, taken, taken.lines, body, at);
}

export function partialRefund(order: LedyerOrder, ledgerId: string, body: Body, { at }: Now): Changed {
  const taken = requireCapture(order, ledgerId);
  const lines = readBodyLines(body, 'totalRefundAmount');
  if (sumOf(lines).total <= 0 || sumOf(lines).total > refundableOf(order, taken)) {
    throw new LedyerFailure(422, 'is more than what can be refunded', 'totalRefundAmount');
  }
  return refundLines(order, taken, lines, body, at);
}

/** Captured and refunded lines stay. */
export function cancel(order: LedyerOrder, { at }: Now): Changed {
  if (order.uncaptured === null || !actionsOfRest(order, { withoutCapture: false }).includes('cancel')) {
    throw new LedyerFailure(409, 'the order cannot be cancelled');
  }
  const { lines, ledgerId } = order.uncaptured;
  const next = { ...order, uncaptured: null, cancelled: true };
  return { order: noted(next, 'cancel', at, sumOf(lines).total, ledgerId), event: 'com.ledyer.order.cancel' };
}

export function edit(order: LedyerOrder, body: Body, { at }: Now): Changed {
  if (order.uncaptured === null || !actionsOfRest(order, { withoutCapture: false }).includes('edit')) {
    throw new LedyerFailure(409, 'the order cannot be edited');
  }
  const lines = readBodyLines(body, 'totalOrderAmount');
  const next = { ...order, uncaptured: { ...order.uncaptured, lines } };
  return { order: noted(next, 'edit', at, sumOf(lines).total), event: null };
}

export function setReference(order: LedyerOrder, body: Body, { at }: Now): Changed {
  const { reference } = body;
  if (typeof reference !== 'string' || reference === '' || reference.length > MAX_REFERENCE_LENGTH) {
    throw new LedyerFailure(400, `must be a string of 1 to ${MAX_REFERENCE_LENGTH} characters`, 'reference');
  }
  return { order: noted({ ...order, merchantReference: reference }, 'setReference', at), event: null };
}

export function extendExpiry(order: LedyerOrder, { at }: Now): Changed {
  const expiresAt = new Date(Date.parse(at) + ORDER_LIFETIME_MS).toISOString();
  return { order: noted({ ...order, expiresAt, expired: false }, 'extendExpiry', at), event: null };
}

function captureLines(
  order: LedyerOrder,
  lines: readonly LedyerLine[],
  left: Chunk | null,
  { at }: Now,
): Changed {
  const part = newChunk(lines, at);
  const next = { ...order, uncaptured: left, captured: [part, ...order.captured] };
  const amount = sumOf(lines).total;
  return left === null
    ? { order: noted(next, 'fullCapture', at, amount, part.ledgerId), event: 'com.ledyer.order.full_capture' }
    : {
        order: noted(next, 'partialCapture', at, amount, part.ledgerId),
        event: 'com.ledyer.order.part_capture',
      };
}

function refundLines(
  order: LedyerOrder,
  taken: Chunk,
  lines: readonly LedyerLine[],
  body: Body,
  at: string,
): Changed {
  const note = typeof body['note'] === 'string' ? body['note'] : null;
  const part = newChunk(lines, at, { note, captureLedgerId: taken.ledgerId });
  const next = { ...order, refunded: [part, ...order.refunded] };
  const amount = sumOf(lines).total;
  return next.uncaptured === null && isWhollyRefunded(next)
    ? { order: noted(next, 'fullRefund', at, amount, part.ledgerId), event: 'com.ledyer.order.full_refund' }
    : {
        order: noted(next, 'partialRefund', at, amount, part.ledgerId),
        event: 'com.ledyer.order.part_refund',
      };
}

function requireRest(order: LedyerOrder, action: string, now: Now): Chunk {
  if (order.uncaptured === null || !actionsOfRest(order, now).includes(action)) {
    throw new LedyerFailure(409, `${action} is not available`);
  }
  return order.uncaptured;
}

function requireCapture(order: LedyerOrder, ledgerId: string): Chunk {
  const found = order.captured.find((part) => part.ledgerId === ledgerId);
  if (found === undefined) throw new LedyerFailure(404, 'the order has no such capture');
  if (refundableOf(order, found) === 0) throw new LedyerFailure(409, 'the capture was refunded already');
  return found;
}

function readBodyLines(body: Body, totalField: string): readonly LedyerLine[] {
  const lines = readLines(body['orderLines']);
  if (body[totalField] !== sumOf(lines).total) {
    throw new LedyerFailure(422, 'is not the sum of the lines', totalField);
  }
  return lines;
}

function isSame(rest: readonly LedyerLine[], given: readonly LedyerLine[]): boolean {
  const key = ({ reference, quantity, totalAmount }: LedyerLine): string =>
    `${reference} ${quantity} ${totalAmount}`;
  return rest.map(key).sort().join('\n') === given.map(key).sort().join('\n');
}
