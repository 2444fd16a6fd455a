/** What runs every second, or for an operator, looks its rows up: it does not read tables from end to end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlClient } from '../../src/fulfillment/index.js';
import { claimAttempts } from '../../src/fulfillment/postgres/claim-attempts.js';
import { claimRedirectSession } from '../../src/fulfillment/postgres/claim-redirect-session.js';
import { endParkedPayments } from '../../src/fulfillment/postgres/end-parked-payments.js';
import { listOutstanding } from '../../src/fulfillment/postgres/list-outstanding.js';
import { lockAttemptKeys } from '../../src/fulfillment/postgres/lock-attempt-keys.js';
import { takeParkedPayments } from '../../src/fulfillment/postgres/park-payments.js';
import { claimEffects } from '../../src/fulfillment/postgres/claim-effects.js';
import { claimParkedTriggers } from '../../src/fulfillment/postgres/claim-parked-triggers.js';
import { claimReviews } from '../../src/fulfillment/postgres/claim-reviews.js';
import { claimSubjects } from '../../src/fulfillment/postgres/claim-subjects.js';
import { findOverdueParked } from '../../src/fulfillment/postgres/find-overdue-parked.js';
import { listDeadEffects } from '../../src/fulfillment/postgres/list-dead-effects.js';
import { markTriggered } from '../../src/fulfillment/postgres/mark-triggered.js';
import { markRechecks } from '../../src/fulfillment/postgres/mark-rechecks.js';
import { listOrders } from '../../src/fulfillment/postgres/list-orders.js';
import { listReviews } from '../../src/fulfillment/postgres/list-reviews.js';
import { pruneInbox } from '../../src/fulfillment/postgres/prune-inbox.js';
import { pruneRawBodies } from '../../src/fulfillment/postgres/prune-raw-bodies.js';
import { readDue } from '../../src/fulfillment/postgres/read-due.js';
import { readOldestDue } from '../../src/fulfillment/postgres/read-oldest-due.js';
import { readOrder } from '../../src/fulfillment/postgres/read-order.js';
import { readOrderParts } from '../../src/fulfillment/postgres/read-order-parts.js';
import { readStatuses } from '../../src/fulfillment/postgres/read-statuses.js';
import { readSubjectNames } from '../../src/fulfillment/postgres/subject-names.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { World } from './kit/world.js';

/** Rows of each table. */
const ROWS = 20_000;

let world: World;
beforeAll(async () => {
  world = await World.create();
  await world.kit();
  const {
    orders,
    effects,
    reviews,
    inbox,
    subjects,
    attempts,
    transitions,
    signals,
    subjectNames,
    parkedTriggers,
    redirectSessions,
    attemptKeys,
    parkedPayments,
  } = tablesOf(world.schema);
  const each = `FROM generate_series(1, ${ROWS}) AS i`;
  // A shop in its second year: nearly everything is over. Its host runs no revoke, so those stay owed.
  await world.pool.query(`
    INSERT INTO ${orders} SELECT 'o' || i, 'ledgerbee', NULL, '{}', 'fulfilled', 1, NULL, now(), now() ${each};
    INSERT INTO ${transitions} SELECT 'o' || i, 1, NULL, 'open', 'start', now() ${each};
    INSERT INTO ${effects} (order_ref, kind, epoch, state, wanted, evidence, max_tries, run_at)
      SELECT 'o' || i, kind, '', CASE kind WHEN 'fulfill' THEN 'done' ELSE 'due' END, true, '{}', 20, '2020-01-01'
        FROM generate_series(1, ${ROWS}) AS i, unnest(ARRAY['fulfill', 'revoke']) AS kind;
    INSERT INTO ${reviews} (order_ref, vendor, key, reason, evidence, opened_at)
      SELECT 'o' || i, 'ledgerbee', 'k', 'plan_mismatch', '{}', now() ${each};
    UPDATE ${reviews} SET resolved_at = now(), resolution = 'accept', resolved_by = 'ada' WHERE id > 5;
    INSERT INTO ${inbox} SELECT 'ledgerbee', 'delivery', 'm' || i, now(), 't', 's' || i, 'o' || i, 'applied' ${each};
    INSERT INTO ${subjects} (vendor, subject, order_ref, dirty_gen, clean_gen, next_fetch_at, recheck_at)
      SELECT 'ledgerbee', 's' || i, 'o' || i, 1, 1, '2020-01-01', '2026-06-01'::date + i * interval '1 minute' ${each};
    INSERT INTO ${subjectNames} SELECT 'ledyer', 's' || i, 's' || i ${each};
    INSERT INTO ${parkedTriggers} (vendor, name, generation, first_at, last_at, next_look_at)
      SELECT 'ledyer', 'n' || i, 1, now(), now(), '2099-01-01' ${each};
    INSERT INTO ${attempts} (id, vendor, order_ref, active, created_at, last_token_at, next_reconcile_at)
      SELECT 'a' || i, 'ledgerbee', 'o' || i, true, now(), now(), '2099-01-01' ${each};
    INSERT INTO ${signals} (attempt_id, key, kind, page_at, received_at)
      SELECT 'a' || i, 'k', 'initiated', '', now() ${each};
    INSERT INTO ${redirectSessions} (attempt_id, nonce, success_url, cancel_url)
      SELECT 'a' || i, 'n' || i, '', '' ${each};
    INSERT INTO ${attemptKeys} (vendor, key, attempt_id) SELECT 'siglume', 'k' || i, 'a' || i ${each};
    INSERT INTO ${parkedPayments} (vendor, key, message_id, subject, payment, received_at)
      SELECT 'siglume', 'k' || i, 'm', 's', '{}', now() ${each};
    ANALYZE`);
});
afterAll(() => world.close());

/** Runs nothing: gathers the lines of the plan that read a whole table. */
class Planner {
  readonly wholeTables: string[] = [];
  readonly query: SqlClient['query'] = async (text, values) => {
    const { rows } = await world.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (COSTS OFF) ${text}`,
      values === undefined ? undefined : [...values],
    );
    const lines = rows.map((row) => row['QUERY PLAN'].trim());
    // Settlement readings are one row per vendor.
    this.wholeTables.push(
      ...lines.filter((line) => /Seq Scan on (?!attempt_tokens|settlement_readings)/.test(line)),
    );
    return { rows: [], rowCount: 0 };
  };
}

describe('with many orders behind it', () => {
  const nowMs = Date.parse('2026-06-01T12:00:00Z');
  const claim = {
    vendors: ['ledgerbee'],
    token: crypto.randomUUID(),
    limit: 8,
    nowMs,
    leaseUntilMs: nowMs,
  } as const;
  const table: readonly [string, (sql: SqlClient, t: ReturnType<typeof tablesOf>) => Promise<unknown>][] = [
    ['the age of what is due', (sql, t) => readOldestDue(sql, t, ['ledgerbee'], ['fulfill'])],
    [
      'the sweep',
      (sql, t) =>
        readDue(sql, t, ['ledgerbee'], ['fulfill'], nowMs, {
          rawBodiesBeforeMs: nowMs,
          inboxBeforeMs: nowMs,
        }),
    ],
    ['the pruning of bodies', (sql, t) => pruneRawBodies(sql, t, { beforeMs: nowMs, limit: 1000 })],
    ['the pruning of the inbox', (sql, t) => pruneInbox(sql, t, { beforeMs: nowMs, limit: 1000 })],
    ['the claim of subjects', (sql, t) => claimSubjects(sql, t, claim)],
    [
      'the recheck of subjects',
      (sql, t) => markRechecks(sql, t, { vendor: 'ledgerbee', unreadLimit: 32, nowMs }),
    ],
    ['the claim of attempts', (sql, t) => claimAttempts(sql, t, claim)],
    ['the claim of effects', (sql, t) => claimEffects(sql, t, { ...claim, kinds: ['fulfill'] })],
    [
      'the claim of parked triggers',
      (sql, t) => claimParkedTriggers(sql, t, { ...claim, vendors: ['ledyer'] }),
    ],
    [
      'the marking by a trigger',
      (sql, t) => markTriggered(sql, t, { vendor: 'ledyer', names: ['n7', 's8'], pauseMs: 1000, nowMs }),
    ],
    ['the look for a name', (sql, t) => readSubjectNames(sql, t, 'ledyer', ['n7'])],
    ['the claim of reviews', (sql, t) => claimReviews(sql, t, { ...claim, reason: null })],
    ['the end of parking', (sql, t) => findOverdueParked(sql, t, nowMs, 50)],
    ['the streams', (sql, t) => readStatuses(sql, t, ['a1', 'a2'])],
    ['a start', (sql, t) => readOrder(sql, t, 'o7').catch(() => null)],
    ['the end of payments’ parking', (sql, t) => endParkedPayments(sql, t, nowMs, 50)],
    [
      'the lock of attempt keys',
      (sql, t) => lockAttemptKeys(sql, t, [{ vendor: 'siglume', key: 'k7' }], nowMs),
    ],
    [
      'the taking of parked payments',
      (sql, t) => takeParkedPayments(sql, t, { vendor: 'siglume', key: 'k7' }),
    ],
    [
      'the claim of a hosted checkout',
      (sql, t) => claimRedirectSession(sql, t, { ...claim, attemptId: 'a7', freshSinceMs: nowMs }),
    ],
    [
      'what is not settled',
      (sql, t) => listOutstanding(sql, t, { vendor: 'siglume', after: '', limit: 500 }),
    ],
    ['the orders past due', (sql, t) => listOrders(sql, t, { limit: 50, settlement: 'past_due' })],
    ['the list of orders', (sql, t) => listOrders(sql, t, { limit: 50 })],
    ['the list of open reviews', (sql, t) => listReviews(sql, t, { by: 'state', open: true, limit: 50 })],
    [
      'the list of one order’s reviews',
      (sql, t) => listReviews(sql, t, { by: 'order', orderRef: 'o7', open: undefined, limit: 50 }),
    ],
    ['the list of dead letters', (sql, t) => listDeadEffects(sql, t, { open: true, limit: 50 })],
    ['one order', (sql, t) => readOrderParts(sql, t, 'o7')],
  ];
  it.each(table)('%s reads no table from end to end', async (_, run) => {
    const planner = new Planner();
    await run(planner, tablesOf(world.schema));
    expect(planner.wholeTables).toEqual([]);
  });
});

it('a status asks about a failure only where the order failed', async () => {
  const t = tablesOf(world.schema);
  const plan = async (): Promise<string> => {
    let lines = '';
    await readStatuses(
      {
        query: async (text, values) => {
          const { rows } = await world.pool.query<{ 'QUERY PLAN': string }>(
            `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${text}`,
            values === undefined ? undefined : [...values],
          );
          lines = rows.map((row) => row['QUERY PLAN']).join('\n');
          return { rows: [], rowCount: 0 };
        },
      },
      t,
      ['a1', 'a2'],
    );
    return lines;
  };
  const asked = /on (?:transitions|signals|redirect_sessions) .*\(actual/;
  const usual = await plan();
  expect(usual).toContain('never executed');
  expect(usual).not.toMatch(asked);
  await world.pool.query(`UPDATE ${t.orders} SET status = 'failed' WHERE ref = 'o2'`);
  const failed = await plan();
  expect(failed).toMatch(asked);
  expect(failed).not.toContain('Seq Scan');
});

describe('with another vendor away for days', () => {
  const nowMs = Date.parse('2026-06-01T12:00:00Z');
  const claim = {
    vendors: ['ledgerbee'],
    token: crypto.randomUUID(),
    limit: 8,
    nowMs,
    leaseUntilMs: nowMs,
  } as const;

  beforeAll(async () => {
    const { subjects, attempts } = tablesOf(world.schema);
    const each = `FROM generate_series(1, ${ROWS}) AS i`;
    await world.pool.query(`
      INSERT INTO ${subjects} (vendor, subject, order_ref, dirty_gen, clean_gen, next_fetch_at)
        SELECT 'ledyer', 's' || i, 'o' || i, 2, 1, '2020-01-01' ${each};
      INSERT INTO ${attempts} (id, vendor, order_ref, active, created_at, last_token_at, next_reconcile_at)
        SELECT 'l' || i, 'ledyer', 'o' || i, true, now(), now(), '2020-01-01' ${each};
      ANALYZE`);
  });

  /** Rows that a statement looked at and passed over. */
  async function passedOver(run: (sql: SqlClient) => Promise<unknown>): Promise<number> {
    let rows = 0;
    await run({
      query: async (text, values) => {
        const plan = await world.pool.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${text}`,
          values === undefined ? undefined : [...values],
        );
        for (const { 'QUERY PLAN': line } of plan.rows) {
          rows += Number(/Rows Removed by (?:Filter|Index Recheck): (\d+)/.exec(line)?.[1] ?? 0);
          rows += Number(/ Index Scan .* \(actual rows=(\d+)/.exec(line)?.[1] ?? 0);
        }
        return { rows: [], rowCount: 0 };
      },
    });
    return rows;
  }

  const table: readonly [string, (sql: SqlClient, t: ReturnType<typeof tablesOf>) => Promise<unknown>][] = [
    ['the sweep', (sql, t) => readDue(sql, t, ['ledgerbee'], ['fulfill'], nowMs)],
    ['the claim of subjects', (sql, t) => claimSubjects(sql, t, claim)],
    ['the claim of attempts', (sql, t) => claimAttempts(sql, t, claim)],
  ];
  it.each(table)('%s does not read past what waits for it', async (_, run) => {
    expect(await passedOver((sql) => run(sql, tablesOf(world.schema)))).toBeLessThan(20);
  });
});
