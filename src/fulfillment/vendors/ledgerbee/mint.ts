/** Mints the token that binds a checkout to a customer and to our order. */
import { setTimeout as delay } from 'node:timers/promises';
import { DecodeError } from '../../../protocol/index.js';
import { VendorError } from '../../errors.js';
import type { Identity, Log, MintedToken, NewCustomer } from '../../ports.js';
import { callApi, unreadable, type ApiOptions } from './api.js';
import { MINT_TRY_TIMEOUT_MS, readProvisionAnswer } from './assumed.js';
import type { ApiCall } from './call.js';

/** A blip is often over by then. */
const RETRY_DELAY_MS = 200;

/**
 * `POST /v1/portal-sso/provision`. A fresh, single-use token each time; the vendor lets it live about 60 s, so
 * it is never kept. Never throws: without a token the checkout goes on anonymously. Tried a second time where
 * the first got no answer, which is safe: the customer is found again by its number.
 */
export async function mintBindToken(
  api: ApiOptions,
  identity: Identity | null,
  reference: string,
  signal: AbortSignal,
  log: Log,
): Promise<MintedToken> {
  if (identity === null) return { bindToken: null, unbound: 'anonymous' };
  try {
    return await provisionTwice(api, identity, reference, signal, log);
  } catch (error) {
    // The page that asked is gone, and nobody reads the answer.
    if (signal.aborted) return { bindToken: null, unbound: 'mint_unavailable' };
    if (!(error instanceof VendorError)) throw error;
    const unbound = isTransient(error) ? 'mint_unavailable' : 'mint_refused';
    log({
      level: unbound === 'mint_refused' ? 'error' : 'warn',
      event: `ledgerbee.${unbound}`,
      message: `No bind token, so the checkout is anonymous. ${error.message}`,
      fields: { order: reference, code: error.code, status: error.status, vendorCode: error.vendorCode },
    });
    return { bindToken: null, unbound };
  }
}

async function provisionTwice(
  api: ApiOptions,
  identity: Identity,
  reference: string,
  signal: AbortSignal,
  log: Log,
): Promise<MintedToken> {
  try {
    return await provision(api, identity, reference, signal, log);
  } catch (error) {
    const again = error instanceof VendorError && (error.code === 'unavailable' || error.code === 'timeout');
    if (!again) throw error;
    await delay(RETRY_DELAY_MS, undefined, { signal });
    return provision(api, identity, reference, signal, log);
  }
}

async function provision(
  api: ApiOptions,
  identity: Identity,
  reference: string,
  signal: AbortSignal,
  log: Log,
): Promise<MintedToken> {
  const call: ApiCall = {
    method: 'POST',
    path: '/portal-sso/provision',
    key: 'ssoKey',
    timeoutMs: Math.min(api.timeoutMs, MINT_TRY_TIMEOUT_MS),
    body: {
      ...('customerId' in identity
        ? { customerId: identity.customerId }
        : { customer: knownFields(identity.customer) }),
      email: identity.email,
      mintCheckoutBindToken: true,
      clientReferenceId: reference,
    },
  };
  const body = await callApi(api, call, signal, log);
  try {
    return readProvisionAnswer(body);
  } catch (error) {
    // A success without a token would look like an anonymous buyer for ever: say it.
    if (error instanceof DecodeError) throw unreadable(call, 200, error.message);
    throw error;
  }
}

/** The vendor refuses a body with a field it does not know, and a merchant's object may hold more. */
function knownFields(customer: NewCustomer): NewCustomer {
  const { customerType, customerNumber, name, countryCode, vatZone, customerGroupId } = customer;
  return { customerType, customerNumber, name, countryCode, vatZone, customerGroupId };
}

function isTransient({ code }: VendorError): boolean {
  return code === 'unavailable' || code === 'timeout' || code === 'rate-limited';
}
