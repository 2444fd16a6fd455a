/** A worker in a process of its own, to be killed: it runs the effects of one schema, once each, against a sink. */
import pg from 'pg';
import { createFulfillmentKit, onceOrReviewEffect } from '../../../src/fulfillment/index.js';
import { FakeVendor, granted } from './fake-vendor.js';

const [url = '', schema = '', sink = '', now = ''] = process.argv.slice(2);
const vendor = new FakeVendor();
vendor.onFetch = (subject) => Promise.resolve(granted(subject, 'order-1'));
const kit = createFulfillmentKit({
  database: new pg.Pool({ connectionString: url }),
  schema,
  identify: () => null,
  resolveOrder: () => null,
  vendors: [vendor],
  unreferenced: 'fulfill',
  effects: {
    fulfill: onceOrReviewEffect(async ({ key }) => {
      await fetch(sink, { method: 'POST', body: key });
    }),
  },
  clock: () => Number(now),
});
await kit.start({ background: false });
await kit.tick();
process.exit(0);
