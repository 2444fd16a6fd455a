/** `/v1/sdrp/metered/provider`: the seller's statements of small payments and their batches. Buyers' own are not here. */
import { createHash } from 'node:crypto';
import type { Reply } from '../../ledgerbee/http.js';
import { ASSUMED } from '../assumptions.js';
import { ApiFailure, data } from '../failure.js';
import type { BatchStatus, MeteredUsageRecord, SettlementBatchRecord } from '../metered-records.js';
import { CADENCE, decimal, meteredAmounts, TOKEN } from '../money.js';
import type { SiglumeVendor } from '../vendor.js';
import type { ApiCall } from './guard.js';
import { onPage, readLimit } from './paging.js';

const EXECUTION: Readonly<Record<BatchStatus, string | null>> = {
  notice_pending: 'scheduled',
  notice_delivery_failed: 'scheduled',
  ready: 'scheduled',
  submitted: 'submitted_reconcile_required',
  failed: 'failed_retryable',
  past_due: 'past_due',
  settled: 'settled',
  uncollectible: null,
  written_off: null,
};

export function listUsages(vendor: SiglumeVendor, { request }: ApiCall): Reply {
  const query = request.url.searchParams;
  const usages = vendor.metered.usages().map((usage) => describeUsage(vendor, usage));
  return data(onPage(filtered(usages, query), query, readLimit(query, ASSUMED.pageSize, 500)));
}

export function listBatches(vendor: SiglumeVendor, { request }: ApiCall): Reply {
  const query = request.url.searchParams;
  const batches = vendor.metered.batches().map(describeBatch);
  return data(onPage(filtered(batches, query), query, readLimit(query, ASSUMED.pageSize, 200)));
}

export function readBatch(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  return data(describeBatch(requireBatch(vendor, params['id'])));
}

/** The documented columns, in order. None of them names the payment. */
export function usagesAsCsv(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  const { id } = requireBatch(vendor, params['id']);
  const rows = vendor.metered
    .usages()
    .filter(({ batchId }) => batchId === id)
    .map((usage) => describeUsage(vendor, usage));
  const lines = rows.map((row) => CSV_COLUMNS.map((column) => row[column] ?? '').join(','));
  return {
    status: 200,
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: `${[CSV_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`,
  };
}

export function summarize(vendor: SiglumeVendor): Reply {
  const { metered } = vendor;
  const receivable = (...statuses: readonly BatchStatus[]): string => {
    const some = metered.batches().filter(({ status }) => statuses.includes(status));
    return decimal(some.reduce((sum, { grossMinor, feeTenths }) => sum + grossMinor * 10 - feeTenths, 0));
  };
  return data({
    open_periods: metered.usages().filter(({ batchId }) => batchId === null).length,
    settlement_batches: metered.batches().map(describeBatch),
    past_due_blocks: metered.batches().filter(({ status }) => status === 'past_due' || status === 'failed')
      .length,
    totals: {
      settled_provider_receivable_minor: receivable('settled'),
      unsettled_provider_receivable_minor: receivable(
        'notice_pending',
        'notice_delivery_failed',
        'ready',
        'submitted',
        'failed',
      ),
      past_due_provider_receivable_minor: receivable('past_due'),
      uncollectible_provider_receivable_minor: receivable('uncollectible'),
      written_off_provider_receivable_minor: receivable('written_off'),
    },
  });
}

const CSV_COLUMNS = [
  'metered_usage_id',
  'created_at',
  'plan_type',
  'settlement_cadence',
  'period_start',
  'period_end',
  'listing_id',
  'capability_key',
  'operation_key',
  'currency',
  'token_symbol',
  'provider_gross_amount_minor',
  'provider_usage_amount_minor',
  'provider_receivable_minor',
  'protocol_fee_minor',
  'gross_buyer_debit_minor',
  'rounding_delta_minor',
  'buyer_debit_minor',
  'status',
  'settlement_batch_id',
  'buyer_period_ref',
] as const;

type Row = Readonly<Record<string, string | null>>;

function describeUsage({ metered, assumptions }: SiglumeVendor, usage: MeteredUsageRecord): Row {
  const batch = usage.batchId === null ? null : metered.requireBatch(usage.batchId);
  return {
    metered_usage_id: usage.id,
    created_at: usage.createdAt,
    plan_type: usage.band,
    settlement_cadence: CADENCE[usage.band],
    currency: usage.currency,
    token_symbol: TOKEN[usage.currency],
    ...meteredAmounts(usage.grossMinor, usage.feeTenths),
    status: batch?.status === 'settled' ? 'settled' : 'pending_settlement',
    settlement_batch_id: usage.batchId,
    buyer_period_ref: refOf(usage),
    ...(assumptions.current.usageNamesRequirement ? { requirement_id: usage.requirementId } : {}),
  };
}

function describeBatch(batch: SettlementBatchRecord): Row {
  const isOver = batch.status === 'uncollectible' || batch.status === 'written_off';
  return {
    settlement_batch_id: batch.id,
    plan_type: batch.band,
    settlement_cadence: CADENCE[batch.band],
    currency: batch.currency,
    token_symbol: TOKEN[batch.currency],
    ...meteredAmounts(batch.grossMinor, batch.feeTenths),
    status: batch.status,
    execution_status: EXECUTION[batch.status],
    settlement_trigger: batch.trigger,
    not_before_attempt_at: batch.notBeforeAttemptAt,
    chain_receipt_id: batch.chainReceiptId,
    settled_at: batch.settledAt,
    terminal_status: isOver ? batch.status : null,
    terminal_marked_at: batch.terminalMarkedAt,
    usage_event_digest: batch.digest,
    buyer_period_ref: refOf(batch),
    created_at: batch.createdAt,
  };
}

/** Providers never see who the buyer is. */
function refOf({ buyer, band, currency }: Pick<MeteredUsageRecord, 'buyer' | 'band' | 'currency'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([buyer, band, currency]))
    .digest('hex');
  return `bpr_${hash.slice(0, 16)}`;
}

function filtered(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  const names = ['plan_type', 'token_symbol', 'status'].filter((name) => query.has(name));
  return rows.filter((row) => names.every((name) => row[name] === query.get(name)));
}

function requireBatch({ metered }: SiglumeVendor, id = ''): SettlementBatchRecord {
  const batch = metered.batches().find((candidate) => candidate.id === id);
  if (batch === undefined)
    throw new ApiFailure(404, 'SETTLEMENT_BATCH_NOT_FOUND', 'No such settlement batch');
  return batch;
}
