/** What the kit's run came to. Pure: the claims, and the figures beside them. */
import type { EffectKind } from '../../src/fulfillment/index.js';
import type { Buyers } from './buyers.js';
import { killsOf, type Deaths } from './fleet.js';
import type { Figure, Outcome } from './report.js';
import type { Scale } from './scale.js';
import type { Sender } from './sender.js';
import type { Sink } from './sink.js';
import { STEP_NAMES, type Step } from './steps.js';
import type { VendorName, VendorTraits } from './vendor.js';
import { API_FAULTS, type VendorApi } from './vendor-api.js';
import { atLeast, judgeShop, none, type Claim, type ShopRun } from './verdict.js';

export interface KitRun {
  readonly scale: Scale;
  readonly shops: readonly ShopRun[];
  readonly buyers: Pick<Buyers, 'orders' | 'startsRepeated'>;
  readonly sender: Pick<Sender, 'accepted' | 'exhausted' | 'deliveryAttempts'>;
  readonly deaths: Deaths;
  readonly restarts: number;
  readonly apis: readonly Pick<VendorApi, 'calls' | 'faults'>[];
  /** What is asked of each vendor's orders beside what is asked of all. */
  readonly traits: Readonly<Record<VendorName, VendorTraits>>;
  readonly sink: Pick<Sink, 'calls' | 'absorbed' | 'faults'>;
  /** What was not quiet at the deadline. */
  readonly stuck: readonly string[];
  /** Processes that did not end when asked. */
  readonly inBadOrder: number;
  readonly stormSeconds: number;
  readonly quietSeconds: number;
}

export function judgeKit(run: KitRun): Outcome {
  const { scale, sender, buyers, deaths, sink } = run;
  const apiCalls = run.apis.reduce((sum, { calls }) => sum + calls(), 0);
  const apiFaults = API_FAULTS.map((fault) => {
    const times = run.apis.reduce((sum, { faults }) => sum + (faults.get(fault) ?? 0), 0);
    return [fault, times] as const;
  });
  const hits = (step: Step): number => deaths.atSteps.get(step) ?? 0;
  const claims: Claim[] = [none('0 orders stuck', run.stuck)];
  const figures: Figure[] = [];
  let outcomesUnknown = 0;
  let found = 0;
  const revoked = new Map<VendorName, number>();
  for (const one of run.shops) {
    const { evidence, orders } = one;
    const { effectClass } = one.shop;
    const { ends, foundBy } = run.traits[one.vendor];
    const name = `${effectClass} at ${one.vendor}`;
    const unknown = evidence.reviews.filter(({ key }) => key.startsWith('effect_outcome_unknown')).length;
    const done = (kind: EffectKind): number => evidence.doings.filter((doing) => doing.kind === kind).length;
    outcomesUnknown += unknown;
    if (foundBy === 'reconcile') found += evidence.foundByReconcile;
    if (ends) revoked.set(one.vendor, (revoked.get(one.vendor) ?? 0) + done('revoke'));
    claims.push(...judgeShop(one));
    figures.push(
      [`${name}: orders`, orders.length],
      ['  fulfilled', done('fulfill')],
      ['  revoked', done('revoke')],
      ['  payments found by reconcile', evidence.foundByReconcile],
      ['  paid twice', orders.filter(({ paidTwice }) => paidTwice).length],
      ['  effects of which nobody knows how they ended', unknown],
    );
  }
  claims.push(
    atLeast('of ten deliveries accepted', 9, Math.floor(10 * shareAccepted(sender))),
    none('0 processes ended without being told to', deaths.byThemselves),
    none(
      'all processes ended in good order',
      new Array<string>(run.inBadOrder).fill('one was ended by force'),
    ),
    atLeast('orders sold', scale.orders, buyers.orders.length),
    atLeast('processes killed', scale.kills, killsOf(deaths)),
    atLeast('database restarted at once', scale.restarts, run.restarts),
    atLeast('effects repeated under their key', 1, sink.absorbed()),
    ...STEP_NAMES.map((step) => atLeast(`died at: ${step}`, scale.hitsPerStep, hits(step))),
    ...apiFaults.map(([fault, count]) => atLeast(`a vendor's API was ${fault}`, 1, count)),
    atLeast('payments found by reconcile alone', 1, found),
    ...[...revoked].map(([vendor, times]) => atLeast(`${vendor}: grants taken back`, 1, times)),
    atLeast('orders paid twice', 1, buyers.orders.filter(({ paidTwice }) => paidTwice).length),
    atLeast('effects of which a person is asked how they ended', 1, outcomesUnknown),
    ...[...sink.faults].map(([fault, count]) => atLeast(`the sink ${fault}`, 1, count)),
  );
  figures.push(
    ['deliveries accepted', sender.accepted.size],
    ['deliveries given up by the vendor', sender.exhausted.size],
    ['delivery attempts', sender.deliveryAttempts],
    ['starts repeated', buyers.startsRepeated],
    ['kills at random', deaths.random],
    ...STEP_NAMES.map((step): Figure => [`kills: ${step}`, hits(step)]),
    ['immediate restarts of the database', run.restarts],
    ["calls of the vendors' APIs", apiCalls],
    ...apiFaults.map(([fault, count]): Figure => [`  ${fault}`, count]),
    ['calls of the sink', sink.calls()],
    ...[...sink.faults].map(([fault, count]): Figure => [`  ${fault}`, count]),
    ['  repeated, absorbed by the key', sink.absorbed()],
    ['seconds of faults', Math.round(run.stormSeconds)],
    ['seconds until all was quiet', Math.round(run.quietSeconds)],
  );
  return { title: 'The kit', claims, figures };
}

/** Should the vendor have given up on many, the run would prove little. */
function shareAccepted({ accepted, exhausted }: KitRun['sender']): number {
  return accepted.size / Math.max(1, accepted.size + exhausted.size);
}
