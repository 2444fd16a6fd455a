/** How far the order is between a grant and its revocation, and which effects that asks for. Pure. */
import type { Fact, FactSet, WantedEffect, WantedReview } from './order-facts.js';
import { readResolutions, type Resolutions, type Subject } from './order-subjects.js';
import type { EffectEvidence, EffectKind } from './ports.js';

export interface Turn {
  /**
   * `owed`: to be run. `in-review`: a person must decide first. `refused`: one decided against it.
   * `unwanted`: nothing grants, or what was granted is being taken back.
   */
  readonly fulfill: Gate | 'done' | 'unwanted';
  /** The grant is being taken back, or may have been already. */
  readonly revoking: boolean;
  /** A grant was made, in this turn or in one before. */
  readonly granted: boolean;
  /** Of all turns: owed now, or ever done. */
  readonly effects: readonly WantedEffect[];
  readonly reviews: readonly WantedReview[];
}

type Gate = 'owed' | 'in-review' | 'refused';
type EffectFact = Extract<Fact, { kind: 'effect-begun' | 'effect-done' }>;
type DeadLetter = Extract<Fact, { kind: 'effect-dead-letter' }>;

export function readTurn(facts: FactSet, subjects: readonly Subject[]): Turn {
  const all = Object.values(facts);
  const done = all.filter((fact) => fact.kind === 'effect-done').sort(byEffect);
  const begun = all.filter((fact) => fact.kind === 'effect-begun');
  const deadLetters = all.filter((fact) => fact.kind === 'effect-dead-letter').sort(byTries);
  const epoch = currentEpoch(done);
  const isOf = (effect: EffectKind) => (fact: EffectFact | DeadLetter) =>
    fact.effect === effect && fact.epoch === epoch;

  const granting = subjects.filter(({ standing }) => standing === 'granted');
  const carriers = subjects.filter(({ carried }) => carried);
  const over = carriers.length > 0 && carriers.every(({ standing }) => standing === 'ended');
  const grant = done.find(isOf('fulfill')) ?? begun.find(isOf('fulfill'));
  const resolutions = readResolutions(facts);
  const gateOf = (effect: EffectKind, before: readonly WantedReview[] = []): Gate =>
    gate([...before, ...deadLetters.filter(isOf(effect)).map(deadLetterReview)], resolutions);
  // A revocation that has begun may have happened: it is finished first, and what grants again waits a turn.
  const hasBegunRevoking = begun.some(isOf('revoke')) && gateOf('revoke') !== 'refused';
  const revoking = hasBegunRevoking || (grant !== undefined && over);

  const regrants = epoch === '' ? [] : granting.slice(0, 1).map((subject) => regrantReview(epoch, subject));
  const fulfill = done.some(isOf('fulfill'))
    ? 'done'
    : granting.length === 0 || revoking
      ? 'unwanted'
      : gateOf('fulfill', regrants);

  const evidenceOf = (id: string | undefined, otherwise: Subject | undefined): EffectEvidence =>
    readEvidence(subjects.find((subject) => subject.id === id) ?? otherwise);
  const effects: WantedEffect[] = done.map((fact) => ({
    kind: fact.effect,
    epoch: fact.epoch,
    evidence: evidenceOf(fact.subject, carriers[0]),
  }));
  if (fulfill === 'owed') {
    effects.push({ kind: 'fulfill', epoch, evidence: evidenceOf(grant?.subject, granting[0]) });
  }
  if (revoking && gateOf('revoke') === 'owed') {
    effects.push({ kind: 'revoke', epoch, evidence: evidenceOf(grant?.subject, carriers[0]) });
  }
  return {
    fulfill,
    revoking,
    granted: done.some(({ effect }) => effect === 'fulfill'),
    effects,
    reviews: [...regrants, ...deadLetters.map(deadLetterReview)],
  };
}

/** The first turn whose revocation is not done: `''`, then `'1'`, `'2'`. */
function currentEpoch(done: readonly EffectFact[]): string {
  const revoked = new Set(done.filter(({ effect }) => effect === 'revoke').map(({ epoch }) => epoch));
  let turn = 0;
  while (revoked.has(epochOf(turn))) turn += 1;
  return epochOf(turn);
}

function epochOf(turn: number): string {
  return turn === 0 ? '' : String(turn);
}

/** What the reviews that an effect waits for say of it. */
function gate(reviews: readonly WantedReview[], resolutions: Resolutions): Gate {
  const verdicts = reviews.map(({ key }) => resolutions.get(key));
  if (verdicts.includes('reject')) return 'refused';
  return verdicts.includes(undefined) ? 'in-review' : 'owed';
}

/** What was taken back is given again only when a person says so: goods may have been sent the first time. */
function regrantReview(epoch: string, subject: Subject): WantedReview {
  return {
    key: `granted_after_revoke:${epoch}`,
    reason: 'granted_after_revoke',
    evidence: { subscriptionId: subject.id, vendorStatus: subject.latest?.vendorStatus ?? null },
  };
}

function deadLetterReview({ effect, epoch, tries }: DeadLetter): WantedReview {
  return {
    key: `effect_dead_letter:${effect}:${epoch}:${tries}`,
    reason: 'effect_dead_letter',
    evidence: { effect, epoch, tries },
  };
}

function readEvidence(subject: Subject | undefined): EffectEvidence {
  const latest = subject?.latest;
  if (latest === undefined || latest === null) return {};
  return {
    subscriptionId: latest.subject,
    vendorStatus: latest.vendorStatus,
    ...(latest.customerId === null ? {} : { customerId: latest.customerId }),
    ...(latest.planId === null ? {} : { planId: latest.planId }),
  };
}

function byEffect(a: EffectFact | DeadLetter, b: EffectFact | DeadLetter): number {
  return Number(a.epoch) - Number(b.epoch) || (a.effect < b.effect ? -1 : a.effect > b.effect ? 1 : 0);
}

function byTries(a: DeadLetter, b: DeadLetter): number {
  return byEffect(a, b) || a.tries - b.tries;
}
