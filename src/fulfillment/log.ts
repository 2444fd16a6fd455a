import type { Log, LogEntry } from './ports.js';

/** Warnings and errors as JSON lines, for hosts that pass no log of their own. */
export const consoleLog: Log = (entry) => {
  switch (entry.level) {
    case 'error':
      console.error(JSON.stringify(entry));
      break;
    case 'warn':
      console.warn(JSON.stringify(entry));
      break;
    case 'info':
    case 'debug':
      break;
  }
};

/** A log that can be called anywhere: one that throws must not turn a commit into a failure. */
export function safeLog(log: Log): Log {
  return (entry: LogEntry) => {
    try {
      log(entry);
    } catch {
      // Nobody is left to tell.
    }
  };
}
