/** Runs beside each test file. Files share a worker's modules, whose own hooks would be heard by the first file alone. */
import { afterAll } from 'vitest';
import { dropSchemas } from './world.js';

afterAll(dropSchemas);
