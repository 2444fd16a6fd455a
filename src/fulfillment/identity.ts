import { createHash } from 'node:crypto';
import { ConfigurationError } from './errors.js';
import { callMerchant } from './merchant-call.js';
import type { Identify, Identity } from './ports.js';

/**
 * Asks the merchant who the buyer is.
 * @throws {ConfigurationError} when the answer has not the shape of an identity.
 * @throws {MerchantFunctionError} when the merchant's function throws.
 */
export async function identifyBuyer(identify: Identify, request: Request): Promise<Identity | null> {
  // Typed, and checked all the same: it comes from the merchant's own session data.
  const identity: unknown = await callMerchant('identify', () => identify(request));
  if (identity === null || identity === undefined) return null;
  if (!isIdentity(identity)) {
    throw new ConfigurationError(
      'invalid-option',
      'identify must give null, { email, customerId } or { email, customer }, each id a non-empty string',
    );
  }
  return identity;
}

/**
 * Who somebody is, for comparing only: the kit's tables hold no e-mail address and no name.
 * An attempt belongs to a person of a customer, not to the customer.
 */
export function hashIdentity(identity: Identity): Buffer {
  const who =
    'customerId' in identity
      ? ['customerId', identity.customerId]
      : ['customerNumber', identity.customer.customerNumber];
  return createHash('sha256')
    .update(JSON.stringify([...who, identity.email.trim().toLowerCase()]))
    .digest();
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null || !('email' in value) || !isText(value.email))
    return false;
  if ('customerId' in value) return isText(value.customerId);
  return (
    'customer' in value &&
    typeof value.customer === 'object' &&
    value.customer !== null &&
    'customerNumber' in value.customer &&
    isText(value.customer.customerNumber)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
