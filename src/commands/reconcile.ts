import type { ReconcileFailure, ReconcileResult } from '../fulfillment/index.js';
import type { Command, CommandResult } from './command.js';
import { CommandError } from './failure.js';
import { plain, section, table } from './text.js';

type Asked = Extract<ReconcileResult, { outcome: 'reconciled' | 'incomplete' }>;

export const reconcile: Command = {
  name: 'reconcile',
  summary: 'Ask the vendor now what became of an order, and write it down',
  positionals: ['<orderRef>'],
  options: [],
  needs: 'vendors',
  details: () =>
    'It asks by the order’s reference and about every subscription that is known of it. What follows, such as\n' +
    'fulfilling, is done by a server at work. It needs the options of your kit, from a config:\n\n' +
    '  // checkout-embed.config.js: the same object that your server gives to createFulfillmentKit\n' +
    "  export { options as default } from './kit-options.js';",
  examples: [
    'npx checkout-embed reconcile order-1042',
    'npx checkout-embed reconcile order-1042 --config=./server/kit-options.js --json',
  ],
  read:
    ({ positionals: [ref = ''] }) =>
    async ({ desk, progress }) => {
      const ask = desk.reconcile;
      if (ask === null) throw new Error('reconcile was opened without a config');
      const result = await progress.during('Asking the vendor', () => ask(ref));
      switch (result.outcome) {
        case 'vendor-not-configured':
          throw new CommandError(
            'vendor-not-configured',
            `Order ${plain(ref)} is ${result.vendor}’s, and the config’s vendors do not name it.`,
            `Add ${result.vendor}({ … }) to vendors.`,
          );
        case 'not-found':
          return {
            exitCode: 1,
            json: { outcome: result.outcome, orderRef: ref },
            text: `There is no order ${plain(ref)} here, and the vendor has nothing under this reference.`,
          };
        case 'reconciled':
        case 'incomplete':
          return toResult(result);
      }
    },
};

function toResult(result: Asked): CommandResult {
  const { before, after } = result.status;
  const ref = plain(result.orderRef);
  const opened = result.openReviews.after - result.openReviews.before;
  const lines = [
    before === after
      ? after === null
        ? `${ref} is not known here.`
        : `${ref} is ${after}, as before.`
      : `${ref} went from ${before ?? 'unknown'} to ${after ?? 'unknown'}.`,
    ...(opened > 0
      ? [`A person must look: npx checkout-embed review list --order=${JSON.stringify(ref)}`]
      : []),
    ...(after === 'processing' ? ['A server at work takes it from here.'] : []),
    section(
      'At the vendor now',
      table(
        ['SUBJECT', 'STATUS', 'PLAN', 'REFERENCE', 'NEW HERE'],
        result.found.map((one) => [
          one.subject,
          one.vendorStatus,
          one.planId ?? '',
          one.reference ?? '',
          one.isNew ? 'yes' : '',
        ]),
      ),
    ),
    ...(result.failures.length === 0
      ? []
      : [section('Not answered; asked again later by a server at work', failureTable(result.failures))]),
  ];
  const { outcome, ...json } = result;
  return {
    exitCode: outcome === 'reconciled' ? 0 : 2,
    json: { outcome, ...json },
    text: lines.join('\n'),
  };
}

function failureTable(failures: readonly ReconcileFailure[]): string {
  return table(
    ['VENDOR', 'ASKED ABOUT', 'WHY', 'VENDOR’S CODE'],
    failures.map(({ vendor, subject, code, vendorCode }) => [
      vendor,
      subject ?? 'the reference',
      code,
      vendorCode ?? '',
    ]),
  );
}
