/** Signatures checked one after the other: ours, and those of the reference library. */
import { Webhook } from 'standardwebhooks';
import { verifyDelivery } from '../../../../src/fulfillment/vendors/ledgerbee/verify.js';
import { signDelivery } from '../../../../src/testing/ledgerbee/signer.js';
import { program } from './program.js';

export interface VerifyInput {
  readonly secret: string;
  readonly bodyBytes: number;
}

export interface VerifyQuestion {
  readonly by: 'ours' | 'standardwebhooks';
  readonly times: number;
}

export interface VerifyAnswer {
  /** For one verification. */
  readonly microseconds: number;
}

program(({ secret, bodyBytes }: VerifyInput) => {
  const body = Buffer.from(JSON.stringify({ type: 'subscription.started', pad: '' }).padEnd(bodyBytes));
  const headers = signDelivery('msg_bench', Math.floor(Date.now() / 1000), body.toString(), [secret]);
  const webhook = new Webhook(secret);
  const rules = {
    keys: [Buffer.from(secret.slice('whsec_'.length), 'base64')],
    replayWindowSeconds: 3600,
  };
  const asHeaders = new Headers(headers);
  const verify = {
    ours: () => verifyDelivery(body, asHeaders, Date.now(), rules),
    standardwebhooks: () => webhook.verify(body, headers, { jsonParse: false }),
  };
  return {
    ready: {},
    answer: ({ by, times }: VerifyQuestion): VerifyAnswer => {
      const once = verify[by];
      const start = performance.now();
      for (let done = 0; done < times; done += 1) once();
      return { microseconds: ((performance.now() - start) * 1000) / times };
    },
    end: () => undefined,
  };
});
