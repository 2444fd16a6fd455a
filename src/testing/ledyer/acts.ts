/** The acts of buyer, signatory and vendor by name, for a console, a test or a journey. */
import type { LedyerPaymentMethod } from './order.js';
import { capture, partialCapture, partialRefund, refund } from './order-actions.js';
import { refundableOf } from './order.js';
import { sumOf } from './lines.js';
import { LedyerFailure } from './failure.js';
import type { Trade } from './trade.js';

/** Each takes the order's id, or the session's while there is no order. */
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
  /** In the merchant portal: refunds the first line of the newest capture that has something left. */
  refundFirstLine(orderId: string): void;
  /** In the merchant portal: refunds all that is left. */
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
      void trade.act(orderId, (order, now) => capture(order, all(order.uncaptured?.lines ?? []), now)),
    captureFirstLine: (orderId) =>
      void trade.act(orderId, (order, now) =>
        partialCapture(order, all((order.uncaptured?.lines ?? []).slice(0, 1)), now),
      ),
    refundFirstLine: (orderId) =>
      void trade.act(orderId, (order, now) => {
        const { ledgerId, lines } = openCapture(order);
        const [line] = lines;
        const body = line === undefined ? {} : { orderLines: [line], totalRefundAmount: line.totalAmount };
        return partialRefund(order, ledgerId, body, now);
      }),
    refund: (orderId) => {
      for (let left = capturesOf(trade, orderId); left > 0; left -= 1) {
        trade.act(orderId, (order, now) => {
          const taken = openCapture(order);
          const rest = refundableOf(order, taken);
          if (rest === sumOf(taken.lines).total) return refund(order, taken.ledgerId, {}, now);
          const done = new Set(
            order.refunded
              .filter(({ captureLedgerId }) => captureLedgerId === taken.ledgerId)
              .flatMap(({ lines }) => lines.map(({ id }) => id)),
          );
          const lines = taken.lines.filter(({ id }) => !done.has(id));
          return partialRefund(order, taken.ledgerId, { orderLines: lines, totalRefundAmount: rest }, now);
        });
      }
    },
    cancel: (orderId) => void trade.cancel(orderId),
  };

  function openCapture(order: ReturnType<Trade['requireOrder']>['order']) {
    const found = order.captured.find((part) => refundableOf(order, part) > 0);
    if (found === undefined) throw new LedyerFailure(409, 'nothing is captured that could be refunded');
    return found;
  }
}

function capturesOf(trade: Trade, orderId: string): number {
  const { order } = trade.requireOrder(orderId);
  return Math.max(1, order.captured.filter((part) => refundableOf(order, part) > 0).length);
}

function all(lines: Parameters<typeof sumOf>[0]): Readonly<Record<string, unknown>> {
  return { orderLines: lines, totalCaptureAmount: sumOf(lines).total };
}
