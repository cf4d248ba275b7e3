import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';

/**
 * Where a request comes from, as the unit that limits count: an IPv4 address, or the /64 that one household or school has
 * of IPv6. Behind a proxy the socket is the proxy's, so the one header that the proxy overwrites is read, and no other:
 * what a client writes into a header of its own choice counts for nothing.
 *
 * @param header - the configured header; null when nothing stands in front
 */
export function clientAddress(c: Context<AppEnv>, header: string | null): string {
  const said = header === null ? c.env?.incoming?.socket.remoteAddress : lastOf(c.req.header(header));
  return networkOf(said?.trim() ?? '');
}

/** A proxy that appends (X-Forwarded-For) writes last; what stands before came from outside. */
function lastOf(value: string | undefined): string | undefined {
  return value?.split(',').at(-1);
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return address;
  // Everybody whose address is not known is counted together: not counting them would be the way around the limit.
  if (!/^[0-9a-f:]{2,39}$/i.test(address) || !URL.canParse(`http://[${address}]/`)) return 'unknown';
  const [head = '', tail = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0');
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(':')}::/64`;
}
