/** The payment-status call in its two forms. */
import { json, type Reply } from '../../ledgerbee/http.js';
import { type Route, route } from '../../ledgerbee/router.js';
import { LedyerFailure } from '../failure.js';
import { paymentStatusOf } from '../payment-status.js';
import type { Vendor } from '../vendor.js';
import { type ApiCall, guarded } from './guard.js';

/** No list has it: what the vendor may add tomorrow. */
const NEW_WORD = 'orderDisputed';

export function statusRoutes(vendor: Vendor): readonly Route[] {
  const isServed = (form: 'path' | 'query'): boolean =>
    ['both', form].includes(vendor.assumptions.current.statusCall);
  return [
    route(
      'GET',
      '/v1/orders/:id/paymentstatus',
      guarded(vendor, (call) => {
        if (!isServed('path')) throw new LedyerFailure(404, 'not found');
        return statusReply(vendor, call, call.params['id'] ?? '');
      }),
    ),
    route(
      'GET',
      '/v1/paymentstatus',
      guarded(vendor, (call) => {
        if (!isServed('query')) throw new LedyerFailure(404, 'not found');
        const { searchParams } = call.request.url;
        const ids = [searchParams.get('orderId'), searchParams.get('sessionId')].filter((id) => id !== null);
        const [id] = ids;
        if (id === undefined || ids.length > 1) throw new LedyerFailure(400, 'one of orderId and sessionId');
        return statusReply(vendor, call, id);
      }),
    ),
  ];
}

function statusReply(vendor: Vendor, call: ApiCall, id: string): Reply {
  const assumed = vendor.assumptions.current;
  const purchase = vendor.purchases.visible(id);
  if (purchase === null) {
    if (assumed.unknownIdStatus === 'unknown') return json({ status: 'unknown', paymentMethod: {} });
    throw new LedyerFailure(404, 'not found');
  }
  if (purchase.session.merchantId !== call.merchantId) {
    throw new LedyerFailure(403, 'the order is another merchant’s');
  }
  const { status, note } = paymentStatusOf(purchase, assumed);
  const type = purchase.order?.paymentMethod;
  return json({
    status: vendor.scenarios.take('status-unknown')
      ? 'unknown'
      : vendor.scenarios.take('status-new-word')
        ? NEW_WORD
        : status,
    paymentMethod: type === undefined ? {} : { provider: 'ledyer', type },
    ...(note === null ? {} : { note }),
  });
}
