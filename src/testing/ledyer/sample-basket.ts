/** A session as a merchant's backend opens one, for journeys and for whoever needs just any purchase. */
export interface SampleOptions {
  readonly securityLevel?: number;
  readonly autoCaptureDelayMinutes?: number;
  readonly reference?: string;
  readonly locale?: string;
  readonly urls?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Three lines, 25 % VAT, 6,250.00 SEK in all. */
export function sampleSession(options: SampleOptions = {}): Readonly<Record<string, unknown>> {
  const line = (reference: string, description: string, totalAmount: number) => ({
    type: 'physical',
    reference,
    description,
    quantity: 1,
    vat: 2500,
    totalAmount,
    totalVatAmount: totalAmount / 5,
  });
  const { securityLevel, autoCaptureDelayMinutes } = options;
  return {
    country: 'SE',
    currency: 'SEK',
    locale: options.locale ?? 'en-US',
    customer: { companyId: '559311-8714', companyName: 'Nordlys Kontor AB', email: 'ida@nordlys.example' },
    metadata: options.metadata ?? {},
    orderLines: [
      line('desk-1', 'Standing desk, oak', 375_000),
      line('lamp-2', 'Desk lamp', 125_000),
      line('mat-3', 'Desk mat', 125_000),
    ],
    totalOrderAmount: 625_000,
    totalOrderAmountExclVat: 500_000,
    totalOrderVatAmount: 125_000,
    settings: {
      urls: { terms: 'https://shop.example/terms', ...options.urls },
      ...(securityLevel === undefined ? {} : { security: { level: securityLevel } }),
    },
    ...(options.reference === undefined ? {} : { reference: options.reference }),
    ...(autoCaptureDelayMinutes === undefined
      ? {}
      : { autoCapture: { enabled: true, delayMinutes: autoCaptureDelayMinutes } }),
  };
}
