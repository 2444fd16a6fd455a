/** Is the merchant's account ready for hosted checkout, and what is missing? */
import { DecodeError, readRecord, type JsonRecord } from '../../../protocol/index.js';
import { callApi, unreadable, type ApiOptions } from './api.js';
import type { ApiCall } from './call.js';
import { isKeepable } from './fields.js';

export interface Readiness {
  /** Siglume's own verdict. */
  readonly ready: boolean;
  readonly missingRequirements: readonly string[];
  readonly blockers: readonly string[];
  /** `null`: not said. */
  readonly liveModeEnabled: boolean | null;
  readonly responsibilityAttested: boolean | null;
}

/**
 * `GET …/merchants/{merchant}/readiness`.
 * @throws {VendorError}
 */
export async function readReadiness(
  api: ApiOptions,
  merchant: string,
  signal: AbortSignal,
): Promise<Readiness> {
  const call: ApiCall = {
    method: 'GET',
    path: `/sdrp/direct-payments/merchants/${merchant}/readiness`,
    name: '/sdrp/direct-payments/merchants/{merchant}/readiness',
    token: 'merchantToken',
  };
  const body = await callApi(api, call, signal);
  try {
    return readAnswer(readRecord(body, 'readiness'));
  } catch (error) {
    if (error instanceof DecodeError) throw unreadable(call, 200, error.message);
    throw error;
  }
}

/** The object itself, or wrapped under its name: both were seen. */
function readAnswer(body: JsonRecord): Readiness {
  const wrapped = body['standard_hosted_checkout_readiness'];
  const readiness = wrapped === undefined ? body : readRecord(wrapped, 'standard_hosted_checkout_readiness');
  const { ready } = readiness;
  if (typeof ready !== 'boolean') throw new DecodeError('ready', 'true or false');
  return {
    ready,
    missingRequirements: readNames(readiness['missing_requirements']),
    blockers: readNames(readiness['blockers']),
    liveModeEnabled: readFlag(readiness['live_mode_enabled']),
    responsibilityAttested: readFlag(readiness['merchant_responsibility_attested']),
  };
}

/** Entries are texts, or objects that carry their name. */
function readNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => {
    const record = typeof entry === 'object' && entry !== null ? (entry as JsonRecord) : {};
    const name = typeof entry === 'string' ? entry : (record['code'] ?? record['name']);
    return typeof name === 'string' && isKeepable(name) ? name : 'unnamed';
  });
}

function readFlag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
