import { VENDORS } from '../protocol/index.js';
import { ConfigurationError } from './errors.js';
import { refuseUnknown, type EveryOption } from './known-options.js';
import { consoleLog } from './log.js';
import type { Hooks } from './notify.js';
import type { Metrics } from './metrics.js';
import type {
  ClientKey,
  Clock,
  Effect,
  Identify,
  Log,
  ResolveOrder,
  SqlPool,
  VendorAdapter,
} from './ports.js';
import { SCHEMA_NAME } from './postgres/tables.js';
import { DEFAULT_RATE_LIMITS, type LimitedCall, type RateLimits } from './rate-limits.js';
import type { Retention } from './retention.js';
import { DEFAULT_SCHEDULE, type Schedule } from './schedule.js';
import type { OnUnlinkedOrder } from './unlinked-order.js';

const EFFECT_CLASSES: readonly unknown[] = [
  'transaction',
  'idempotent',
  'once-or-review',
] satisfies Effect['class'][];
const EFFECT_MAKERS = 'transactionEffect(…), idempotentEffect(…) or onceOrReviewEffect(…)';

/** How a merchant sets up the kit. */
export interface FulfillmentKitOptions {
  /** A `pg` pool. The kit uses it and never ends it. */
  readonly database: SqlPool;
  /** Where the kit's routes begin. Default `/checkout`. */
  readonly basePath?: string;
  /** Origins of the pages that may call, such as `https://shop.example`. Pages of the kit's own origin always may. */
  readonly origins?: readonly string[];
  readonly identify: Identify;
  readonly resolveOrder: ResolveOrder;
  readonly vendors: readonly VendorAdapter[];
  /**
   * What becomes of a subscription that carries no reference, as every anonymous checkout's: an order of its
   * own under the vendor's id, a review, or nothing.
   */
  readonly unreferenced: 'fulfill' | 'review' | 'ignore';
  readonly effects: {
    readonly fulfill: Effect;
    /** Without it nothing is taken back by itself; what is owed stays listed with the order. */
    readonly revoke?: Effect;
  };
  /** PostgreSQL schema of the kit's tables. Default `checkout_embed`. */
  readonly schema?: string;
  /** Default: warnings and errors, as JSON lines on the console. */
  readonly log?: Log;
  readonly clock?: Clock;
  /** Told of everything a person must look at, at least once each. */
  readonly onReview?: Hooks['onReview'];
  /** Told of each effect whose tries ran out, at least once each. */
  readonly onDeadLetter?: Hooks['onDeadLetter'];
  /**
   * Linked vendors, such as Ledyer: called for an order that the vendor has and `linkOrder` never named, once the
   * merchant's own call had its time. Without it a person looks at each.
   */
  readonly onUnlinkedOrder?: OnUnlinkedOrder;
  readonly schedule?: Partial<Schedule>;
  /** How long deliveries are kept. Default: for ever. What is older goes in the background. */
  readonly retention?: Retention;
  /**
   * What one client may do in one process, call by call; `false` limits nothing. Deliveries are never limited.
   * Default: see {@link RateLimits}.
   */
  readonly rateLimits?: Partial<RateLimits> | false;
  /** Who a client is. Default: the holder of a good token, else the login, else the remote address. */
  readonly clientKey?: ClientKey;
  /** Where the kit's numbers go, e.g. `prometheus().metrics`. Default: nowhere, and nothing is measured. */
  readonly metrics?: Metrics;
}

const KIT_OPTIONS = {
  database: true,
  basePath: true,
  origins: true,
  identify: true,
  resolveOrder: true,
  vendors: true,
  unreferenced: true,
  effects: true,
  schema: true,
  log: true,
  clock: true,
  onReview: true,
  onDeadLetter: true,
  onUnlinkedOrder: true,
  schedule: true,
  retention: true,
  rateLimits: true,
  clientKey: true,
  metrics: true,
} satisfies EveryOption<FulfillmentKitOptions>;
const EFFECTS = { fulfill: true, revoke: true } satisfies EveryOption<FulfillmentKitOptions['effects']>;

/** The options, checked and complete. */
export type Settings = Required<
  Omit<
    FulfillmentKitOptions,
    'schedule' | 'onReview' | 'onDeadLetter' | 'onUnlinkedOrder' | 'rateLimits' | 'clientKey' | 'metrics'
  >
> & {
  readonly hooks: Hooks;
  readonly onUnlinkedOrder: OnUnlinkedOrder | null;
  readonly schedule: Schedule;
  readonly rateLimits: RateLimits | false;
  readonly clientKey: ClientKey | null;
  readonly metrics: Metrics | null;
};

/** @throws {ConfigurationError} naming the option and what it must be. */
export function readOptions(options: FulfillmentKitOptions): Settings {
  const given: unknown = options;
  check(typeof given === 'object' && given !== null, 'createFulfillmentKit needs an options object');
  refuseUnknown(given, KIT_OPTIONS);
  const { database, effects, vendors } = options;
  check(
    isObject(database) && typeof database.connect === 'function' && typeof database.query === 'function',
    'database must be a pg Pool: new pg.Pool({ connectionString })',
  );
  for (const name of ['identify', 'resolveOrder'] as const) {
    check(typeof options[name] === 'function', `${name} must be a function of the request`);
  }
  check(
    ['fulfill', 'review', 'ignore'].includes(options.unreferenced),
    "unreferenced must be 'fulfill', 'review' or 'ignore': what becomes of a subscription without a reference",
  );
  if (isObject(effects)) refuseUnknown(effects, EFFECTS, 'effects.');
  check(isObject(effects) && isEffect(effects.fulfill), `effects.fulfill must be made by ${EFFECT_MAKERS}`);
  check(
    effects.revoke === undefined || isEffect(effects.revoke),
    `effects.revoke must be made by ${EFFECT_MAKERS}`,
  );
  return {
    database,
    basePath: readBasePath(options.basePath ?? '/checkout'),
    origins: (options.origins ?? []).map(readOrigin),
    identify: options.identify,
    resolveOrder: options.resolveOrder,
    vendors: readVendors(vendors),
    unreferenced: options.unreferenced,
    effects,
    schema: readSchema(options.schema ?? 'checkout_embed'),
    log: options.log ?? consoleLog,
    clock: options.clock ?? Date.now,
    hooks: { onReview: options.onReview, onDeadLetter: options.onDeadLetter },
    onUnlinkedOrder: readOnUnlinkedOrder(options.onUnlinkedOrder),
    schedule: readSchedule(options.schedule ?? {}),
    retention: readRetention(options.retention ?? {}),
    rateLimits: readRateLimits(options.rateLimits ?? {}),
    clientKey: readClientKey(options.clientKey),
    metrics: readMetrics(options.metrics),
  };
}

function readBasePath(basePath: string): string {
  check(
    /^(\/[\w.~-]+)+$/.test(basePath),
    "basePath must be a path such as '/checkout', with a leading and without a trailing slash",
  );
  return basePath;
}

function readOrigin(origin: string): string {
  check(
    typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin,
    `origins must be origins such as 'https://shop.example', without path or trailing slash; got '${origin}'`,
  );
  return origin;
}

const FLOWS: readonly VendorAdapter['flow'][] = ['frame', 'linked', 'redirect'];

function readVendors(vendors: readonly VendorAdapter[]): readonly VendorAdapter[] {
  check(
    isObject(vendors) && 'length' in vendors && vendors.length > 0,
    'vendors must name at least one vendor, such as ledgerbee({ … }) from checkout-embed/fulfillment/ledgerbee',
  );
  for (const vendor of vendors) {
    check(
      isObject(vendor) && VENDORS.includes(vendor.name) && FLOWS.includes(vendor.flow),
      'vendors must be adapters such as ledgerbee({ … }) from checkout-embed/fulfillment/ledgerbee',
    );
  }
  check(
    new Set(vendors.map(({ name }) => name)).size === vendors.length,
    'vendors must name each vendor once',
  );
  return vendors;
}

function readSchema(schema: string): string {
  check(
    SCHEMA_NAME.test(schema),
    'schema must be a plain lower-case PostgreSQL name, such as checkout_embed',
  );
  return schema;
}

function readSchedule(given: Partial<Schedule>): Schedule {
  const known = new Set(Object.keys(DEFAULT_SCHEDULE));
  for (const [name, value] of Object.entries(given)) {
    check(known.has(name), `schedule.${name} is not a setting; known are ${[...known].join(', ')}`);
    const numbers: readonly unknown[] = Array.isArray(value) ? value : [value];
    const least = Array.isArray(value) || name === 'settleMs' ? 0 : 1;
    check(
      numbers.length > 0 && numbers.every((n) => typeof n === 'number' && Number.isFinite(n) && n >= least),
      `schedule.${name} must be ${Array.isArray(value) ? 'a list of numbers' : 'a number'} of at least ${least}`,
    );
  }
  return { ...DEFAULT_SCHEDULE, ...given };
}

function readRetention(given: Retention): Retention {
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    check(
      name === 'rawBodiesMs' || name === 'inboxMs',
      `retention.${name} is not a setting; known are rawBodiesMs, inboxMs`,
    );
    check(
      value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 1),
      `retention.${name} must be a number of milliseconds, at least 1`,
    );
  }
  return given;
}

function readRateLimits(given: Partial<RateLimits> | false): RateLimits | false {
  if (given === false) return false;
  check(isObject(given), 'rateLimits must be an object, or false for no limits');
  for (const [call, limit] of Object.entries(given) as [LimitedCall, Partial<RateLimits[LimitedCall]>][]) {
    check(
      Object.hasOwn(DEFAULT_RATE_LIMITS, call),
      `rateLimits.${call} is not a limit; known are ${Object.keys(DEFAULT_RATE_LIMITS).join(', ')}`,
    );
    check(
      isObject(limit) && isCount(limit.perMinute) && isCount(limit.burst),
      `rateLimits.${call} must be { perMinute, burst }, each a number of at least 1`,
    );
  }
  return { ...DEFAULT_RATE_LIMITS, ...given };
}

function readClientKey(clientKey: ClientKey | undefined): ClientKey | null {
  check(
    clientKey === undefined || typeof clientKey === 'function',
    'clientKey must be a function of the request',
  );
  return clientKey ?? null;
}

function readOnUnlinkedOrder(hook: OnUnlinkedOrder | undefined): OnUnlinkedOrder | null {
  check(hook === undefined || typeof hook === 'function', 'onUnlinkedOrder must be a function of the order');
  return hook ?? null;
}

function readMetrics(metrics: Metrics | undefined): Metrics | null {
  check(
    metrics === undefined ||
      (isObject(metrics) && typeof metrics.count === 'function' && typeof metrics.observe === 'function'),
    'metrics must have the functions count and observe, such as prometheus().metrics',
  );
  return metrics ?? null;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 1;
}

function isEffect(value: unknown): value is Effect {
  return (
    isObject(value) &&
    'class' in value &&
    EFFECT_CLASSES.includes(value.class) &&
    'run' in value &&
    typeof value.run === 'function'
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new ConfigurationError('invalid-option', message);
}
