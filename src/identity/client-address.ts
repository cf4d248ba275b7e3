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
  return said === undefined ? unknown : networkOf(said.trim());
}

/** Everybody whose address is not known is counted together: not counting them would be the way around the limit. */
const unknown = 'unknown';

/** A proxy that appends (X-Forwarded-For) writes last; what stands before came from outside. */
function lastOf(value: string | undefined): string | undefined {
  return value?.split(',').at(-1);
}

function networkOf(address: string): string {
  const ipv4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const url = `http://[${address}]/`;
  if (!/^[0-9a-f:]+$/i.test(address) || !URL.canParse(url)) return unknown;
  // In its one short form (RFC 5952), of which the zeros left out are put back.
  const short = new URL(url).hostname;
  const long = short.replace('::', `:${'0:'.repeat(8 - groupsOf(short).length)}`);
  return `${groupsOf(long).slice(0, 4).join(':')}::/64`;
}

function groupsOf(address: string): readonly string[] {
  return Array.from(address.matchAll(/[0-9a-f]+/g), ([group]) => group);
}
