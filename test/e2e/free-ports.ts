/** Ports for the tests' own demos: free ones, chosen once and handed to every worker by the environment. */
import { createServer } from 'node:net';

/** Workers at a time, each with a demo of its own: a scenario is one set of switches for everybody who visits it. */
export const WORKERS = 2;

const NAMES = ['SHOP', 'PORTAL', 'SIGLUME', 'LEDYER', 'POSTGRES'] as const;

export interface E2ePorts {
  readonly shop: number;
  readonly portal: number;
  readonly siglume: number;
  readonly ledyer: number;
  readonly postgres: number;
}

/**
 * The same answer in the runner and in its workers, which load the configuration again.
 * @param demo From 0. Left out: this worker's own, by the number that no other worker has meanwhile.
 */
export async function e2ePorts(demo = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)): Promise<E2ePorts> {
  // All held at once: ports asked for one after the other may be the same.
  const missing = Array.from({ length: WORKERS }, (_, index) => NAMES.map((name) => variable(name, index)))
    .flat()
    .filter((name) => process.env[name] === undefined);
  const ports = await freePorts(missing.length);
  for (const [index, name] of missing.entries()) process.env[name] = String(ports[index]);
  const [shop, portal, siglume, ledyer, postgres] = NAMES.map((name) =>
    Number(process.env[variable(name, demo)]),
  );
  return { shop: shop!, portal: portal!, siglume: siglume!, ledyer: ledyer!, postgres: postgres! };
}

function variable(name: (typeof NAMES)[number], demo: number): string {
  return `E2E_${name}_PORT_${demo}`;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer();
      await new Promise<void>((resolve, reject) => {
        probe.once('error', reject);
        probe.listen(0, '127.0.0.1', resolve);
      });
      const address = probe.address();
      return { probe, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
    }),
  );
  for (const { probe } of probes) await new Promise((resolve) => probe.close(resolve));
  return probes.map(({ port }) => port);
}
