/** The README's TypeScript compiles as it stands there, its links lead somewhere, and its protocol is ours. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventParser } from '../../src/core/sse-reader.js';
import { decodeStartAttemptAnswer, decodeStatusAnswer } from '../../src/protocol/index.js';
import { bin, RESULTS, ROOT } from '../runner/suite.js';
import { formatReadme } from '../support/format-readme.js';
import { readmeBlock } from '../support/readme.js';
import { withEarlyQueue } from '../support/readme-early.js';
import { withLists } from '../support/readme-lists.js';
import { README } from '../support/readme-tables.js';

const OPTIONS = `declare const options: import('checkout-embed/fulfillment').FulfillmentKitOptions;`;
const CHECKOUT = `declare const checkout: import('checkout-embed').CheckoutEmbed;`;

/** What each snippet leaves to its reader, by the snippet's name. */
const LEFT_TO_THE_READER: Readonly<Record<string, string>> = {
  define: '',
  react: '',
  deferred: `${CHECKOUT} declare function signUp(item: string | null): Promise<void>;`,
  functions: `${CHECKOUT} type OrderStatus = import('checkout-embed').OrderStatus;`,
  words: CHECKOUT,
  ledyer: `declare const clientId: string, clientSecret: string, sessionId: string, orderId: string;
    declare const yourOptions: import('checkout-embed/fulfillment').FulfillmentKitOptions;
    declare const yourOrders: { findOrMake(key: string, order: unknown): Promise<string> };`,
  siglume: '',
  'once-or-review': `declare const printShop: { connect(to: { signal: AbortSignal }):
    Promise<{ printLicence(ref: string, plan: unknown): Promise<void> }> };`,
  queue: `declare const boss: { send(name: string, data: object, how: {
    db: import('checkout-embed/fulfillment').ExecutesSql }): Promise<unknown> };`,
  graphile: `declare const tx: import('checkout-embed/fulfillment').SqlClient;
    declare const key: string, order: { readonly ref: string };`,
  'rate-limits': `${OPTIONS} import { createFulfillmentKit } from 'checkout-embed/fulfillment';`,
  proxies: `import { toNodeHandler } from 'checkout-embed/fulfillment/node';
    declare const kit: import('checkout-embed/fulfillment').FulfillmentKit;
    declare const request: Request, clientAddress: string;`,
  metrics: `${OPTIONS} import { createServer } from 'node:http';
    import { createFulfillmentKit } from 'checkout-embed/fulfillment';
    import { toNodeHandler } from 'checkout-embed/fulfillment/node';`,
  sigterm: `declare const kit: import('checkout-embed/fulfillment').FulfillmentKit;
    declare const server: import('node:http').Server, pool: import('pg').Pool;`,
  retention: `${OPTIONS} import { createFulfillmentKit } from 'checkout-embed/fulfillment';`,
};

/** What the README says of React beside its component, whose declaration of the tag counts here too. */
const REACT_PROPS = `import type {} from './react.js';
  export const tag = (
    <checkout-embed
      getStatus={({ signal }) => fetch('/status', { signal }).then(() => ({ status: 'open' }))}
      fetchBindToken={null}
      messages={{ retry: 'Again' }}
      minHeight={600}
      slot="checkout"
      oncheckout-settled={(event) => void event.attemptId}
    />
  );
  // @ts-expect-error -- no plan is a number
  export const wrong = <checkout-embed plan={7} />;
  // @ts-expect-error -- nor is a listener of one event good for another
  export const deaf = <checkout-embed oncheckout-ready={(event: import('checkout-embed').CheckoutSettledEvent) => event} />;
`;

/** What a careful reader has switched on. */
const COMPILER_OPTIONS = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  target: 'ES2022',
  module: 'NodeNext',
  jsx: 'react-jsx',
  customConditions: ['checkout-embed-source'],
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: ['node'],
  skipLibCheck: true,
  noEmit: true,
};

let readme = '';
let folder = '';

beforeAll(async () => {
  readme = await readFile(README, 'utf8');
  await mkdir(RESULTS, { recursive: true });
  // Inside the package, so that its own name is found.
  folder = await mkdtemp(join(RESULTS, 'readme-snippets-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('has TypeScript that compiles under strict options', async () => {
    const blocks = [...readme.matchAll(/(?:<!-- readme:([\w-]+) -->\s*)?^```(tsx?)\n([^]*?)\n```$/gm)];
    expect(blocks.map(([, name]) => name)).toEqual(
      expect.arrayContaining(Object.keys(LEFT_TO_THE_READER)) as string[],
    );
    for (const [, name = '', extension = '', code = ''] of blocks) {
      const preamble = LEFT_TO_THE_READER[name];
      expect(preamble, `a preamble for the snippet "${name}"`).toBeDefined();
      await writeFile(join(folder, `${name}.${extension}`), `${preamble}\n${code}\nexport {};\n`);
    }
    await writeFile(
      join(folder, 'words-de.ts'),
      `export declare const de: import('checkout-embed').Messages;`,
    );
    await writeFile(join(folder, 'react-props.tsx'), REACT_PROPS);
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*.ts', '*.tsx'] }),
    );
    const tsc = [bin('typescript-7', 'bin/tsc'), '-p', folder];
    const { stdout } = await promisify(execFile)(process.execPath, tsc, { cwd: ROOT }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  });

  it('has the lists of words that the types give, and the early queue that is built; `npm run docs` writes them', async () => {
    expect(await formatReadme(await withEarlyQueue(withLists(readme)))).toBe(readme);
  });

  it('tells of answers and of a stream that the page understands', async () => {
    expect(decodeStartAttemptAnswer(JSON.parse(await readmeBlock('start'))).next.type).toBe('frame');
    const told: unknown[] = [];
    const parse = eventParser((name, data) => told.push([name, decodeStatusAnswer(JSON.parse(data)).status]));
    parse(`${await readmeBlock('stream')}\n\n`);
    expect(told).toEqual([
      ['status', 'open'],
      ['status', 'fulfilled'],
    ]);
  });

  it('has a heading, or a file, for each of its links', async () => {
    const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
    const inside = links.filter((to) => to.startsWith('#')).map((to) => to.slice(1));
    expect(inside.filter((to) => !anchors.includes(to))).toEqual([]);
    for (const path of links.filter((to) => !/^(#|https:)/.test(to))) {
      await expect(
        readFile(join(ROOT, path)).catch((error: unknown) => (error as { code: string }).code),
      ).resolves.not.toBe('ENOENT');
    }
  });
});
