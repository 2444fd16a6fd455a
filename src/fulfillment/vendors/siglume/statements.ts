/** What do the provider's statements say of small payments and their batches? */
import { DecodeError, readRecord, type JsonRecord } from '../../../protocol/index.js';
import { VendorError } from '../../errors.js';
import { callApi, unreadable, type ApiOptions } from './api.js';
import { requirementOfUsage } from './assumed.js';
import { standingOfBatch, type BatchStanding } from './batch-state.js';
import type { ApiCall } from './call.js';
import { parseDecimal } from './decimal.js';
import { isKeepable, isPathId, presentText, readOptionalText, readText } from './fields.js';

const PROVIDER = '/sdrp/metered/provider';

/** The most the API gives at once. */
const USAGE_PAGE = 500;
/** A cursor that never ends must not keep us for ever: 500 000 usages. */
const PAGE_LIMIT = 1_000;

/** One small payment, as the statements list it. */
export interface MeteredUsage {
  readonly usageId: string;
  /** `null`: the statement does not say whose payment it is. */
  readonly requirementId: string | null;
  /** `null` while the period is open. */
  readonly batchId: string | null;
  /** The vendor's own word. Not money: its batch's standing is. */
  readonly status: string;
  readonly currency: string;
  /** Decimal text in minor units. */
  readonly grossAmountMinor: string;
  readonly feeMinor: string;
  readonly receivableMinor: string;
  /** Whether receivable = gross − fee, to the last digit. Where it is not, a person must look. */
  readonly addsUp: boolean;
}

export interface SettlementBatch {
  readonly batchId: string;
  readonly standing: BatchStanding;
  /** The vendor's own word. */
  readonly status: string;
  readonly chainReceiptId: string | null;
}

/**
 * Every usage, page by page; the caller stops when it has found what it looks for.
 * @throws {VendorError}
 */
export async function* listUsages(api: ApiOptions, signal: AbortSignal): AsyncGenerator<MeteredUsage, void> {
  let cursor: string | null = null;
  for (let page = 1; page <= PAGE_LIMIT; page += 1) {
    const call: ApiCall = {
      method: 'GET',
      path: `${PROVIDER}/usage-events`,
      token: 'providerToken',
      query: { limit: String(USAGE_PAGE), ...(cursor === null ? {} : { cursor }) },
    };
    const answer = await callApi(api, call, signal);
    const { items, next }: { items: readonly MeteredUsage[]; next: string | null } = decoded(call, () => {
      const list = readRecord(answer, 'statement');
      if (!Array.isArray(list['items'])) throw new DecodeError('items', 'a list');
      return { items: list['items'].map(readUsage), next: presentText(list, 'next_cursor') };
    });
    yield* items;
    if (next === null) return;
    if (next === cursor) throw unreadable(call, 200, 'its pages go round in a circle');
    cursor = next;
  }
  throw new VendorError('unreadable-answer', `GET ${PROVIDER}/usage-events: more than ${PAGE_LIMIT} pages`);
}

/**
 * `GET …/provider/settlement-batches/{id}`.
 * @returns `null` for a batch Siglume does not know.
 * @throws {VendorError}
 */
export async function readBatch(
  api: ApiOptions,
  batchId: string,
  signal: AbortSignal,
): Promise<SettlementBatch | null> {
  if (!isPathId(batchId)) return null;
  const call: ApiCall = {
    method: 'GET',
    path: `${PROVIDER}/settlement-batches/${batchId}`,
    name: `${PROVIDER}/settlement-batches/{id}`,
    token: 'providerToken',
    unknownCode: 'SETTLEMENT_BATCH_NOT_FOUND',
  };
  const answer = await callApi(api, call, signal);
  if (answer === undefined) return null;
  return decoded(call, () => {
    const batch = readRecord(answer, 'batch');
    if (readText(batch, 'settlement_batch_id') !== batchId) {
      throw new DecodeError('settlement_batch_id', 'the one asked for');
    }
    const status = readText(batch, 'status');
    const chainReceiptId = readOptionalText(batch, 'chain_receipt_id');
    const terminalStatus = readOptionalText(batch, 'terminal_status');
    return {
      batchId,
      status,
      chainReceiptId,
      standing: standingOfBatch({ status, terminalStatus, chainReceiptId }),
    };
  });
}

function readUsage(item: unknown): MeteredUsage {
  const usage = readRecord(item, 'usage');
  const requirement = requirementOfUsage(usage);
  const grossAmountMinor = readAmount(usage, 'provider_gross_amount_minor');
  const feeMinor = readAmount(usage, 'protocol_fee_minor');
  const receivableMinor = readAmount(usage, 'provider_receivable_minor');
  return {
    usageId: readText(usage, 'metered_usage_id'),
    requirementId: typeof requirement === 'string' && isKeepable(requirement) ? requirement : null,
    batchId: readOptionalText(usage, 'settlement_batch_id'),
    status: readText(usage, 'status'),
    currency: readText(usage, 'currency'),
    grossAmountMinor,
    feeMinor,
    receivableMinor,
    addsUp: scaled(receivableMinor) === scaled(grossAmountMinor) - scaled(feeMinor),
  };
}

function readAmount(record: JsonRecord, field: string): string {
  const text = readText(record, field);
  if (parseDecimal(text) === null) throw new DecodeError(field, 'a decimal number as text');
  return text;
}

function scaled(amount: string): bigint {
  return parseDecimal(amount) ?? 0n;
}

function decoded<T>(call: ApiCall, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) throw unreadable(call, 200, error.message);
    throw error;
  }
}
