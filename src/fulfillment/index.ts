/** The fulfillment kit: what a merchant's backend mounts. */
export { createFulfillmentKit, type CloseOptions, type FulfillmentKit } from './kit.js';
export type { FulfillmentKitOptions } from './options.js';
export { idempotentEffect, NothingHappenedError, onceOrReviewEffect, transactionEffect } from './effects.js';
export { toExecuteSql, type ExecutesSql } from './to-execute-sql.js';
export { answersTo, type Resolution } from './review-answers.js';
export { runMigrations, type MigrationOptions } from './postgres/migrate.js';
export type { Erasure } from './erase.js';
export type { Pruned, PruneOptions, Retention } from './retention.js';
export type { MadeOrder, OnUnlinkedOrder, UnlinkedOrder } from './unlinked-order.js';
export type { Schedule } from './schedule.js';
export type { RateLimit } from './rate-limit.js';
export type { LimitedCall, RateLimits } from './rate-limits.js';
export { METRICS } from './metrics.js';
export type { CounterName, GaugeName, HistogramName, LabelsOf, MetricName, Metrics } from './metrics.js';
export type { NotReadyReason } from './readiness.js';
export type { FetchInfo } from './http/fetch.js';
export type { OpenedReview } from './notify.js';
export type { OrderDetail, Orders, OrderSummary } from './orders.js';
export type { OrderSettlement } from './order-settlement.js';
export type { Review, ReviewAnswer, ReviewName, ReviewResolved, Reviews } from './reviews.js';
export type { LinkOptions, LinkResult, OrderLink } from './link-order.js';
export type { ManagedOrders, ManagementResult } from './order-management.js';
export type { ReconcileFailure, ReconcileResult } from './reconcile-order.js';
export type {
  DeadLetter,
  EffectName,
  Effects,
  RedriveOptions,
  RedriveResult,
  Redriven,
} from './dead-letters.js';
export * from './errors.js';
export type * from './ports.js';
export type {
  Fact,
  FactSet,
  OrderDecision,
  OrderView,
  ReviewReason,
  WantedEffect,
  WantedReview,
} from './order-facts.js';
