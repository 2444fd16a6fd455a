/** The acts of buyer, signatory and vendor by name, for a console, a test or a journey. */
import { LedyerFailure } from './failure.js';
import { type LedyerLine, sumOf } from './lines.js';
import { type Chunk, type LedyerOrder, type LedyerPaymentMethod, refundableOf } from './order.js';
import { cancel, capture, partialCapture, partialRefund } from './order-actions.js';
import type { Trade } from './trade.js';

/** Each takes the order's id, or the session's while there is no order, and throws where it cannot be done now. */
export interface LedyerActs {
  /** The buyer presses the button. Default `invoice`. */
  pay(sessionId: string, method?: LedyerPaymentMethod): void;
  /** A signatory approves. */
  sign(id: string): void;
  /** A signatory declines. */
  decline(id: string): void;
  /** A person at Ledyer approves the order, or its advance invoice is paid. */
  approve(orderId: string): void;
  /** Its time runs out, without a word. */
  expire(id: string): void;
  /** In the merchant portal: captures all that is left. */
  capture(orderId: string): void;
  /** In the merchant portal: captures the first line that is left. */
  captureFirstLine(orderId: string): void;
  /** In the merchant portal: refunds the first line that is left of the newest capture. */
  refundFirstLine(orderId: string): void;
  /** In the merchant portal: refunds all that is left of every capture. */
  refund(orderId: string): void;
  /** In the merchant portal: cancels what is not captured. */
  cancel(orderId: string): void;
}

export function ledyerActs(trade: Trade): LedyerActs {
  return {
    pay: (sessionId, method = 'invoice') => void trade.authorize(sessionId, method),
    sign: (id) => void trade.sign(id),
    decline: (id) => void trade.decline(id),
    approve: (orderId) => void trade.makeReady(orderId),
    expire: (id) => void trade.expire(id),
    capture: (orderId) =>
      void trade.act(orderId, (order, now) => capture(order, captureBody(openLines(order)), now)),
    captureFirstLine: (orderId) =>
      void trade.act(orderId, (order, now) => {
        return partialCapture(order, captureBody(openLines(order).slice(0, 1)), now);
      }),
    refundFirstLine: (orderId) => refundNext(trade, orderId, (lines) => lines.slice(0, 1)),
    refund: (orderId) => {
      const { captured } = trade.requireOrder(orderId).order;
      const isOpen = (part: Chunk): boolean => refundableOf(trade.requireOrder(orderId).order, part) > 0;
      do refundNext(trade, orderId, (lines) => lines);
      while (captured.some(isOpen));
    },
    cancel: (orderId) => void trade.act(orderId, cancel),
  };
}

/** Of the newest capture that has something left to refund. */
function refundNext(
  trade: Trade,
  orderId: string,
  choose: (left: readonly LedyerLine[]) => readonly LedyerLine[],
): void {
  trade.act(orderId, (order, now) => {
    const taken = order.captured.find((part) => refundableOf(order, part) > 0);
    if (taken === undefined) throw new LedyerFailure(409, 'nothing is captured that could be refunded');
    const lines = choose(linesLeftOf(order, taken));
    const body = { orderLines: lines, totalRefundAmount: sumOf(lines).total };
    return partialRefund(order, taken.ledgerId, body, now);
  });
}

function linesLeftOf(order: LedyerOrder, { ledgerId, lines }: Chunk): readonly LedyerLine[] {
  const refunds = order.refunded.filter(({ captureLedgerId }) => captureLedgerId === ledgerId);
  const refunded = new Set(refunds.flatMap((refund) => refund.lines.map(({ id }) => id)));
  return lines.filter(({ id }) => !refunded.has(id));
}

function openLines({ uncaptured }: LedyerOrder): readonly LedyerLine[] {
  return uncaptured?.lines ?? [];
}

function captureBody(lines: readonly LedyerLine[]): Readonly<Record<string, unknown>> {
  return { orderLines: lines, totalCaptureAmount: sumOf(lines).total };
}
