import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppEnv } from '../../src/app-env.ts';
import { clientAddress } from '../../src/identity/client-address.ts';

const header = 'x-real-ip';

/** What a request counts as, that came with these headers from this socket. */
async function counted(
  given: { readonly said?: string; readonly socket?: string | undefined; readonly bindings?: object },
  configured: string | null = header,
): Promise<string> {
  const app = new Hono<AppEnv>().get('/', (c) => c.text(clientAddress(c, configured)));
  const headers: Record<string, string> = given.said === undefined ? {} : { [header]: given.said };
  const bindings = given.bindings ?? { incoming: { socket: { remoteAddress: given.socket } } };
  return (await app.request('/', { headers }, bindings)).text();
}

describe('the address that a request counts as', () => {
  it.each([
    ['an IPv4 address', '192.0.2.17', '192.0.2.17'],
    ['long numbers', '123.123.123.123', '123.123.123.123'],
    ['blanks around it', ' 192.0.2.18 ', '192.0.2.18'],
    ['an IPv4 address written as IPv6', '::ffff:192.0.2.17', '192.0.2.17'],
    ['the same in large letters', '::FFFF:192.0.2.17', '192.0.2.17'],
    ['the /64 of an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['large letters and zeros in front', '2001:0DB8:0001:2::7', '2001:db8:1:2::/64'],
    ['zeros in the middle', '2001:db8::5', '2001:db8:0:0::/64'],
    ['few zeros', '1::2:3:4:5:6', '1:0:0:2::/64'],
    ['zeros at the beginning', '::1:2:3:4:5', '0:0:0:1::/64'],
    ['zeros at the end', '2001:db8:5:6::', '2001:db8:5:6::/64'],
    ['zeros alone', '::', '0:0:0:0::/64'],
    ['one digit', '::1', '0:0:0:0::/64'],
  ])('is, of %s: %s, %s', async (_name, said, expected) => {
    expect(await counted({ said })).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'unknown'],
    ['something before it', 'x192.0.2.19'],
    ['something after it', '192.0.2.19x'],
    ['IPv4 of another kind', '1.2.3'],
    ['a mapped address with more behind it', '::ffff:192.0.2.20x'],
    ['a mapped address with more before it', 'x::ffff:192.0.2.20'],
    ['the name of an interface', '2001:db8::1%eth0'],
    ['colons that are no address', '1:2'],
    ['a path behind an address', '::1]/x'],
    ['a path between addresses', '::1]/::1'],
  ])('is unknown, of %s: %s', async (_name, said) => {
    expect(await counted({ said })).toBe('unknown');
  });

  it('is the last entry of the one configured header, and the socket’s only where none is configured', async () => {
    const given = { said: '203.0.113.1, 192.0.2.9', socket: '198.51.100.4' };
    expect(await counted(given)).toBe('192.0.2.9');
    expect(await counted(given, null)).toBe('198.51.100.4');
    expect(await counted({ socket: '198.51.100.4' })).toBe('unknown');
  });

  it('is unknown where nothing is told of the connection', async () => {
    const app = new Hono<AppEnv>().get('/', (c) => c.text(clientAddress(c, null)));
    expect(await (await app.request('/')).text()).toBe('unknown');
  });

  it('is unknown where a socket has gone, or there is none (Workers)', async () => {
    expect(await counted({ socket: undefined }, null)).toBe('unknown');
    expect(await counted({ bindings: {} }, null)).toBe('unknown');
  });
});
