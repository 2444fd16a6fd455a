import fc from 'fast-check';

/** Text of every code point there is. fast-check's own `unit: 'binary'` takes seconds to set up. */
export function anyText(maxLength = 30): fc.Arbitrary<string> {
  const unit = fc
    .oneof(
      fc.integer({ min: 0, max: 0x7f }),
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0x10ffff }),
    )
    .map((code) => String.fromCodePoint(code));
  return fc.string({ unit, maxLength });
}
