/** HTML from template literals: every value is escaped, unless it is HTML made here. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | null | readonly Html[];

/** `null` prints nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(print)));
}

/** A value is printed, `''` stands alone, `null` is left out. */
export type Attributes = Readonly<Record<string, string | null>>;

/** For tags whose attributes are only known when they are printed. */
export function tagOf(name: string, attributes: Attributes, children: readonly Html[] = []): Html {
  const printed = Object.entries(attributes)
    .filter((entry) => entry[1] !== null)
    .map(([attribute, value]) => (value === '' ? ` ${attribute}` : ` ${attribute}="${print(value)}"`));
  return new Html(`<${name}${printed.join('')}>${print(children)}</${name}>`);
}

function print(value: Value): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(print).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
