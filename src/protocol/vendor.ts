/** The vendors of the kit, by the name that appears in URLs, tables and attempts. */
export const VENDORS = ['ledgerbee', 'ledyer', 'siglume'] as const;
export type Vendor = (typeof VENDORS)[number];
