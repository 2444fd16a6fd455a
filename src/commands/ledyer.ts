/** Capture, refund and cancel at Ledyer, by the order's reference. */
import { VendorError, type ManagementResult } from '../fulfillment/index.js';
import type { Command, CommandResult, Flags } from './command.js';
import { CommandError } from './failure.js';
import type { Desk } from './desk.js';
import { plain } from './text.js';

type Management = NonNullable<Desk['orderManagement']>;

const DETAILS =
  'It looks before it acts, so it may be run again when its answer was lost: done twice is done once. The order is\n' +
  'read afterwards by a server at work. It needs the options of your kit, from a config, as reconcile does.';

export const ledyerCapture: Command = {
  name: 'ledyer capture',
  summary: 'Capture what is left of an order at Ledyer, or some of its lines',
  positionals: ['<orderRef>'],
  options: ['lines'],
  needs: 'vendors',
  details: () => DETAILS,
  examples: [
    'npx checkout-embed ledyer capture order-1042',
    'npx checkout-embed ledyer capture order-1042 --lines=ol_EXAMPLE1,ol_EXAMPLE2 --json',
  ],
  read: ({ positionals: [ref = ''], flags }) => {
    const lineIds = readLines(flags);
    return manage('Capturing', ref, (management) =>
      management.capture(ref, lineIds === undefined ? {} : { lineIds }),
    );
  },
};

export const ledyerRefund: Command = {
  name: 'ledyer refund',
  summary: 'Refund one capture of an order at Ledyer, as a whole',
  positionals: ['<orderRef>'],
  options: ['capture'],
  needs: 'vendors',
  details: () => DETAILS,
  examples: [
    'npx checkout-embed ledyer refund order-1042',
    'npx checkout-embed ledyer refund order-1042 --capture=in_EXAMPLE --json',
  ],
  read: ({ positionals: [ref = ''], flags: { capture } }) =>
    manage('Refunding', ref, (management) =>
      management.refund(ref, capture === undefined ? {} : { captureId: capture }),
    ),
};

export const ledyerCancel: Command = {
  name: 'ledyer cancel',
  summary: 'Cancel what is not captured of an order at Ledyer',
  positionals: ['<orderRef>'],
  options: [],
  needs: 'vendors',
  details: () => DETAILS,
  examples: ['npx checkout-embed ledyer cancel order-1042'],
  read: ({ positionals: [ref = ''] }) => manage('Cancelling', ref, (management) => management.cancel(ref)),
};

function readLines({ lines }: Flags): readonly string[] | undefined {
  if (lines === undefined) return undefined;
  const ids = lines.split(',');
  if (ids.every((id) => /^ol_[0-9A-Za-z]{1,64}$/.test(id))) return ids;
  throw new CommandError(
    'invalid-argument',
    `--lines ${JSON.stringify(lines)} is no list of line ids.`,
    'Write for example --lines=ol_EXAMPLE1,ol_EXAMPLE2.',
  );
}

function manage(
  doing: string,
  ref: string,
  act: (management: Management) => Promise<ManagementResult>,
): ReturnType<Command['read']> {
  return async ({ desk, progress }) => {
    const { orderManagement } = desk;
    if (orderManagement === null) throw new Error('opened without a config');
    try {
      return toResult(ref, await progress.during(`${doing} at the vendor`, () => act(orderManagement)));
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      return {
        exitCode: 2,
        json: { outcome: 'not-answered', orderRef: ref, code: error.code, status: error.status },
        text: `${plain(error.message)}\nNobody knows whether it was done. Run the same again: it looks first.`,
      };
    }
  };
}

function toResult(orderRef: string, result: ManagementResult): CommandResult {
  const name = plain(orderRef);
  const json = { orderRef, ...result };
  switch (result.outcome) {
    case 'done':
    case 'already': {
      const what = result.outcome === 'done' ? 'Done' : 'It was done before';
      const { capturedMinor, refundedMinor } = result;
      const sums = `captured ${capturedMinor ?? 0}, refunded ${refundedMinor ?? 0}, in minor units`;
      return { exitCode: 0, json, text: `${what}: order ${name}, ${sums}.` };
    }
    case 'not-available': {
      const actions = result.availableActions.map(plain).join(', ');
      const text = `Ledyer does not take that for order ${name} now. It would take: ${actions || 'nothing'}.`;
      return { exitCode: 1, json, text };
    }
    case 'which-capture': {
      const captures = result.captureIds.map((id) => `  --capture=${plain(id)}`).join('\n');
      return { exitCode: 1, json, text: `Order ${name} has several captures. Name one:\n${captures}` };
    }
    case 'not-linked':
      return { exitCode: 1, json, text: `Nothing at Ledyer is linked to an order ${name}.` };
    case 'ambiguous': {
      const subjects = result.subjects.map(plain).join(', ');
      return {
        exitCode: 1,
        json,
        text: `Several are linked to order ${name}: ${subjects}. Do it at Ledyer.`,
      };
    }
  }
}
