/** `GET /v1/customers` and `/v1/customers/{id}` (contract §3.5). Paging as on the other lists is ASSUMED (U13). */
import type { CustomerFilter } from '../customers.js';
import { json, type Reply } from '../http.js';
import { fieldFailure } from '../validate.js';
import type { Vendor } from '../vendor.js';
import type { ApiCall } from './guard.js';
import { onPage, readPage } from './query.js';

const MOST_METADATA_PAIRS = 10;
const LIST_CACHE_MS = 5_000;

/** The list handler keeps the unfiltered answer for five seconds, as the vendor does; filtered reads are fresh. */
export function createListCustomers(vendor: Vendor): (call: ApiCall) => Reply {
  const kept = new Map<string, { readonly untilMs: number; readonly reply: Reply }>();
  return ({ request }) => {
    const query = request.url.searchParams;
    const filter = readFilter(query);
    const { page, limit } = readPage(query);
    const isFiltered =
      filter.customerNumber !== null ||
      filter.externalSystemId !== null ||
      Object.keys(filter.metadata).length > 0;
    const cacheKey = `${page} ${limit}`;
    const found = kept.get(cacheKey);
    if (!isFiltered && found !== undefined && found.untilMs > vendor.time.now()) return found.reply;
    const all = vendor.customers.list(filter);
    const reply = json({ data: onPage(all, { page, limit }), total: all.length, page, limit });
    if (!isFiltered) kept.set(cacheKey, { untilMs: vendor.time.now() + LIST_CACHE_MS, reply });
    return reply;
  };
}

export function readCustomer(vendor: Vendor, { params }: ApiCall): Reply {
  return json(vendor.customers.require(params['id'] ?? ''));
}

function readFilter(query: URLSearchParams): CustomerFilter {
  const pairs = [...query].flatMap(([name, value]) => {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value] as const];
  });
  if (pairs.length > MOST_METADATA_PAIRS) {
    throw fieldFailure('metadata', 'maxProperties', `metadata takes at most ${MOST_METADATA_PAIRS} pairs`);
  }
  return {
    customerNumber: query.get('customerNumber'),
    externalSystemId: query.get('externalSystemId'),
    metadata: Object.fromEntries(pairs),
  };
}
