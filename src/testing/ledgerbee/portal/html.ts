/** HTML by template, escaped by default. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | false | null | undefined | readonly Html[];

/** Every value is escaped, save what `html` itself made. `false`, `null` and `undefined` give nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = strings.reduce((made, text, index) => made + text + write(values[index]), '');
  return { markup };
}

/** JSON inside a `<script type="application/json">`: no `<` can end the element. */
export function jsonScript(id: string, value: unknown): Html {
  const text = JSON.stringify(value).replaceAll('<', '\\u003c');
  return { markup: `<script type="application/json" id="${id}">${text}</script>` };
}

/** Text of our own that is markup already: a style sheet, an icon. */
export function trusted(markup: string): Html {
  return { markup };
}

function write(value: Value): string {
  if (value === false || value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  if ('markup' in value) return value.markup;
  return value.map((entry) => entry.markup).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
