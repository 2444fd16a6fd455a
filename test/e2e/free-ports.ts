/** Ports for the tests' own demos: free ones, chosen once and handed to every worker by the environment. */
import { freePorts } from '../runner/free-ports.js';

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
