/** `…/merchants`: setup, readiness, the challenge secret, the billing mandate. */
import type { Reply } from '../../ledgerbee/http.js';
import { ApiFailure, data, invalidField } from '../failure.js';
import type { SiglumeVendor } from '../vendor.js';
import type { ApiCall } from './guard.js';

/** Sets the one merchant up again. Never shows a secret that was shown before. */
export function setUpMerchant(vendor: SiglumeVendor, { body }: ApiCall): Reply {
  const { merchant } = vendor;
  requireMerchant(vendor, typeof body['merchant'] === 'string' ? body['merchant'].trim().toLowerCase() : '');
  const { webhook_callback_url: callbackUrl, checkout_allowed_origins: origins } = body;
  if (callbackUrl !== undefined && typeof callbackUrl !== 'string') {
    throw invalidField('webhook_callback_url', 'must be an absolute https URL');
  }
  if (origins !== undefined && !Array.isArray(origins)) {
    throw invalidField('checkout_allowed_origins', 'must be a list');
  }
  merchant.update({
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
    ...(origins === undefined ? {} : { allowedOrigins: origins as readonly unknown[] }),
  });
  return data({ merchant_account: account(vendor), created: false, challenge_secret_created: false });
}

export function readMerchant(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  requireMerchant(vendor, params['merchant'] ?? '');
  return data({ merchant_account: account(vendor) });
}

export function readReadiness(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  requireMerchant(vendor, params['merchant'] ?? '');
  const missing = vendor.merchant.missing();
  return data({
    standard_hosted_checkout_readiness: {
      scope: 'standard_hosted_checkout',
      ready: missing.length === 0,
      status: missing.length === 0 ? 'ready' : 'not_ready',
      checks: [],
      missing_requirements: missing,
      blockers: [],
      live_mode_requested: true,
      live_mode_enabled: !missing.includes('live_mode'),
      merchant_responsibility_attested: !missing.includes('merchant_responsibility_attested'),
    },
  });
}

export function rotateChallengeSecret(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  requireMerchant(vendor, params['merchant'] ?? '');
  const secret = vendor.merchant.rotateChallengeSecret();
  return data({
    merchant_account: account(vendor),
    challenge_secret: secret,
    challenge_secret_created: true,
  });
}

export function prepareMandate(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  requireMerchant(vendor, params['merchant'] ?? '');
  vendor.merchant.setReadiness('billing_mandate', true);
  return data({ mandate: { mandate_id: vendor.merchant.mandateId, status: 'active' } });
}

function account({ merchant }: SiglumeVendor): unknown {
  const hasMandate = !merchant.missing().includes('billing_mandate');
  return {
    merchant_account_id: merchant.accountId,
    merchant: merchant.key,
    merchant_user_id: 'usr_sandbox',
    billing_mandate_id: hasMandate ? merchant.mandateId : null,
    status: 'active',
    billing_status: hasMandate ? 'active' : 'setup_required',
    billing_plan: 'launch',
    billing_currency: 'JPY',
    token_symbol: 'JPYC',
    monthly_fee_minor: 0,
    settlement_fee_bps: 180,
    settlement_fee_min_minor: 30,
    webhook_callback_url: merchant.callbackUrl,
    checkout_allowed_origins: merchant.allowedOrigins,
  };
}

function requireMerchant({ merchant }: SiglumeVendor, key: string): void {
  if (key !== merchant.key) throw new ApiFailure(404, 'EXTERNAL_402_MERCHANT_NOT_FOUND', 'No such merchant');
}
