/** Where a server for the tests comes from. */
export type Supply<Installation> =
  | { readonly kind: 'local'; readonly installation: Installation }
  | { readonly kind: 'docker'; readonly image: string }
  /** What to install, in one line. */
  | { readonly kind: 'missing'; readonly advice: string };
