/** An operator's calls on the order behind a subject. */
import type { OperationAnswer, OrderManagement } from '../../ports.js';
import type { LedyerClient } from './client.js';
import { isOrderId } from './ids.js';
import type { OperationResult } from './operations.js';
import type { LedyerOrder } from './order.js';

export function orderManagement(client: LedyerClient): OrderManagement {
  const orderIdOf = async (subject: string, signal: AbortSignal): Promise<string | null> =>
    isOrderId(subject) ? subject : ((await client.read(subject, signal))?.orderId ?? null);
  const on = async (
    subject: string,
    signal: AbortSignal,
    act: (orderId: string) => Promise<OperationResult>,
  ): Promise<OperationAnswer> => {
    const orderId = await orderIdOf(subject, signal);
    if (orderId === null) return answer('not-available', null);
    const { outcome, order } = await act(orderId);
    return answer(outcome, order);
  };
  return {
    capture: (subject, { lineIds }, signal) =>
      on(subject, signal, (orderId) =>
        lineIds === undefined
          ? client.captureRest(orderId, signal)
          : client.captureLines(orderId, lineIds, signal),
      ),
    refund: async (subject, { captureId }, signal) => {
      if (captureId !== undefined) {
        return on(subject, signal, (orderId) => client.refundCapture(orderId, captureId, signal));
      }
      const order = (await client.read(subject, signal))?.order ?? null;
      const [only, another] = order?.captured ?? [];
      if (order === null || only === undefined) return answer('not-available', order);
      // Which of several is meant is not to be guessed: it is somebody's money.
      if (another !== undefined) return answer('which-capture', order);
      return on(subject, signal, (orderId) => client.refundCapture(orderId, only.ledgerId, signal));
    },
    cancel: (subject, signal) => on(subject, signal, (orderId) => client.cancelRest(orderId, signal)),
  };
}

function answer(outcome: OperationAnswer['outcome'], order: LedyerOrder | null): OperationAnswer {
  return {
    outcome,
    availableActions: order?.uncaptured?.availableActions ?? [],
    captureIds: order?.captured.map(({ ledgerId }) => ledgerId) ?? [],
    capturedMinor: order?.capturedMinor ?? null,
    refundedMinor: order?.refundedMinor ?? null,
  };
}
