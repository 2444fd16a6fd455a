/** ASSUMED (contract U28): what the vendor's own snippet grants its frame. */
export const FRAME_PERMISSIONS = {
  sandbox:
    'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox ' +
    'allow-top-navigation-by-user-activation',
  allow: 'payment',
  referrerpolicy: 'strict-origin-when-cross-origin',
} as const;
