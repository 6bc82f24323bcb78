const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
const wildcards = new Set(['0.0.0.0', '::', '[::]']);

/** Whether only this machine can reach a listener on this host. */
export const isLoopback = (host: string): boolean =>
  loopbackNames.has(host) || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * Whether a request's `Host` names this server. A web page can point a name of its own at a loopback address (DNS
 * rebinding) and then read what it likes; the header still says that name. Listening on every address there is no
 * telling which names are ours: there the token protects.
 */
export function isOwnHost(header: string | undefined, configured: string): boolean {
  if (wildcards.has(configured)) return header !== undefined;
  const name = nameOf(header);
  return (
    name !== null &&
    (loopbackNames.has(name) || name === configured.toLowerCase() || name === `[${configured}]`)
  );
}

/**
 * Whether a request may change something or open a WebSocket. Browsers send `Origin` with both; a program on this
 * machine sends none.
 */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === from;
}

function nameOf(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match?.[1]?.toLowerCase() ?? null;
}
