/** What `run.ts` runs by name. */
import type { Report } from './report.js';

/** Tells of progress, apart from the result. */
export type Say = (line: string) => void;

/** How many rounds to take where `full` are needed for a figure. */
export type Rounds = (full: number) => number;

export type Bench = (say: Say, rounds: Rounds) => Promise<Omit<Report, 'date'>>;
