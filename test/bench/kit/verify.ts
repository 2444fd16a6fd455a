/** The check of a signature, against the reference library's. */
import { createWebhookSecret } from '../../../src/testing/ledgerbee/signer.js';
import type { Rounds, Say } from '../bench.js';
import { ratioFigure, type Figure } from '../report.js';
import { estimate, interleave, median, ratios, type Estimate } from '../stats.js';
import type { Programs } from './build-programs.js';
import type { VerifyAnswer, VerifyInput, VerifyQuestion } from './programs/verify.js';

const BODY_BYTES = 1000;
const ROUNDS = 30;
const TIMES = 5000;
const WARM_UP = 2;

const BUDGET = { text: 'median ≤ 0.35', holds: (found: Estimate) => found.median <= 0.35 };

export async function measureVerify(programs: Programs, rounds: Rounds, say: Say): Promise<Figure[]> {
  const verifier = await programs.start<object>('verify', {
    secret: createWebhookSecret(),
    bodyBytes: BODY_BYTES,
  } satisfies VerifyInput);
  const measure = async (by: VerifyQuestion['by']): Promise<number> =>
    (await verifier.ask<VerifyAnswer>({ by, times: TIMES } satisfies VerifyQuestion)).microseconds;
  const sides = ['ours', 'standardwebhooks'] as const;
  await interleave(sides, WARM_UP, measure);
  const found = await interleave(sides, rounds(ROUNDS), measure);
  await verifier.stop();
  say('signatures: done');
  return [
    ratioFigure(
      'verification ÷ standardwebhooks',
      estimate(ratios(found.ours, found.standardwebhooks)),
      BUDGET,
      `${median(found.ours).toFixed(1)} µs ÷ ${median(found.standardwebhooks).toFixed(1)} µs at ${BODY_BYTES / 1000} kB, ${rounds(ROUNDS)} × ${TIMES} each`,
    ),
  ];
}
