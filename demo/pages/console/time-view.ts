/** A time as a person reads it, in their own zone; in full where it is pointed at, and for machines. */
import { html, type TemplateResult } from 'lit';

/** What the kit and the vendors write. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

export function isTime(value: unknown): value is string {
  return typeof value === 'string' && ISO_TIME.test(value);
}

/** The clock alone; another day's with its date before it. */
export function timeView(iso: string): TemplateResult {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  const short = isToday ? CLOCK.format(at) : `${DAY.format(at)}, ${CLOCK.format(at)}`;
  return html`<time datetime=${iso} title=${FULL.format(at)}>${short}</time>`;
}
