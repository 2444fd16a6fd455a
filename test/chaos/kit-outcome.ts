/** What the kit's run came to. Pure: the claims, and the figures beside them. */
import type { EffectKind } from '../../src/fulfillment/index.js';
import type { Buyers } from './buyers.js';
import { killsOf, type Deaths } from './fleet.js';
import type { Figure, Outcome } from './report.js';
import type { Scale } from './scale.js';
import type { Sender } from './sender.js';
import type { Sink } from './sink.js';
import { STEP_NAMES, type Step } from './steps.js';
import type { VendorApi } from './vendor-api.js';
import { atLeast, judgeShop, none, type Claim, type ShopRun } from './verdict.js';

export interface KitRun {
  readonly scale: Scale;
  readonly shops: readonly ShopRun[];
  readonly buyers: Pick<Buyers, 'orders' | 'startsRepeated'>;
  readonly sender: Pick<Sender, 'accepted' | 'exhausted' | 'deliveryAttempts'>;
  readonly deaths: Deaths;
  readonly restarts: number;
  readonly api: Pick<VendorApi, 'calls' | 'faults'>;
  readonly sink: Pick<Sink, 'calls' | 'absorbed' | 'faults'>;
  /** What was not quiet at the deadline. */
  readonly stuck: readonly string[];
  /** Processes that did not end when asked. */
  readonly inBadOrder: number;
  readonly stormSeconds: number;
  readonly quietSeconds: number;
}

export function judgeKit(run: KitRun): Outcome {
  const { scale, sender, buyers, deaths, api, sink } = run;
  const hits = (step: Step): number => deaths.atSteps.get(step) ?? 0;
  const claims: Claim[] = [none('0 orders stuck', run.stuck)];
  const figures: Figure[] = [];
  for (const one of run.shops) {
    const { evidence, orders } = one;
    const { effectClass } = one.shop;
    const done = (kind: EffectKind): number => evidence.doings.filter((doing) => doing.kind === kind).length;
    claims.push(
      ...judgeShop(one),
      atLeast(`${effectClass}: payments found by reconcile alone`, 1, evidence.foundByReconcile),
      atLeast(`${effectClass}: grants taken back`, 1, done('revoke')),
    );
    figures.push(
      [`${effectClass}: orders`, orders.length],
      [`${effectClass}: fulfilled`, done('fulfill')],
      [`${effectClass}: revoked`, done('revoke')],
      [`${effectClass}: payments found by reconcile`, evidence.foundByReconcile],
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
    ...[...api.faults].map(([fault, count]) => atLeast(`the vendor's API was ${fault}`, 1, count)),
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
    ["calls of the vendor's API", api.calls()],
    ...[...api.faults].map(([fault, count]): Figure => [`  ${fault}`, count]),
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
