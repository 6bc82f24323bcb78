const linkProtocols: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/**
 * An address of an issue's text that may become a link, else null. Relative ones are refused too: they would point
 * into this page.
 */
export function linkAddress(address: string): string | null {
  const url = URL.parse(address.trim());
  return url && linkProtocols.has(url.protocol) ? url.href : null;
}

/** The same for an issue's own address, which must be on the web. */
export function webAddress(address: string): string | null {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}
