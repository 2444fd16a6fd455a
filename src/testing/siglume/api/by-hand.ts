/** The two extra routes of the vendor's own sandbox, kept for familiarity. */
import type { Reply } from '../../ledgerbee/http.js';
import type { CheckoutSession } from '../checkout-sessions.js';
import type { SiglumeDelivery } from '../delivery-log.js';
import { ApiFailure, data } from '../failure.js';
import type { SiglumeVendor } from '../vendor.js';
import type { ApiCall } from './guard.js';

const BUYER = 'buyer@example.com';

/** The whole of what a buyer does, and the webhook with it. Done again, it says what was done. */
export async function confirmSession(vendor: SiglumeVendor, { params }: ApiCall): Promise<Reply> {
  const { sessions, payments, inFlight } = vendor;
  const session = requireSession(vendor, params['id']);
  if (session.requirementId === null) {
    if (session.status === 'open') sessions.signIn(session.id, BUYER);
    sessions.approve(session.id);
    payments.confirm(payments.pay(session.id).requirementId);
    await inFlight.idle();
  }
  const { id, status, requirementId } = sessions.require(session.id);
  return data({
    session_id: id,
    status,
    requirement_id: requirementId,
    webhook: deliveryOf(vendor, session)?.state,
  });
}

/** The same event, signed anew. */
export async function redeliverSession(vendor: SiglumeVendor, { params }: ApiCall): Promise<Reply> {
  const delivery = deliveryOf(vendor, requireSession(vendor, params['id']));
  if (delivery === null)
    throw new ApiFailure(409, 'CHECKOUT_SESSION_NOT_CONFIRMED', 'Nothing was confirmed yet');
  const { attempts, eventId } = await vendor.sender.redeliver(delivery.id);
  const status = attempts.at(-1)?.status ?? null;
  if (status === null || status < 200 || status >= 300) {
    throw new ApiFailure(502, 'WEBHOOK_DELIVERY_FAILED', 'The merchant did not take it');
  }
  return data({ redelivered: true, event_id: eventId, response_status: status });
}

function requireSession({ sessions }: SiglumeVendor, id = ''): CheckoutSession {
  const session = sessions.get(id);
  if (session === null) throw new ApiFailure(404, 'CHECKOUT_SESSION_NOT_FOUND', 'No such checkout session');
  return session;
}

/** Its confirmation, found by what joins the two. */
function deliveryOf({ log }: SiglumeVendor, { challengeHash }: CheckoutSession): SiglumeDelivery | null {
  const isOfSession = ({ eventType, body }: SiglumeDelivery): boolean =>
    eventType === 'direct_payment.confirmed' && body.includes(challengeHash);
  return log.list().find(isOfSession) ?? null;
}
