import { describe, expect, it } from 'vitest';
import { fetchedCrls } from '../../../src/crypto/x509/fetch-crls.ts';

const start = new Date('2026-11-21T03:00:00Z');
const address = 'https://crl.example/seal.crl';
type Answer = () => Response | Promise<Response>;

/** Answers in turn, the last one again and again; counts how often it was asked. */
function source(...answers: readonly Answer[]) {
  let asked = 0;
  let now = start;
  const fetch = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer === undefined ? Response.error() : answer();
  };
  const options = { clock: { now: () => now }, fetch, maxBytes: 8 };
  const crls = fetchedCrls([address], options);
  return {
    lists: async () => (await crls.lists()).map((der) => Buffer.from(der).toString()),
    asked: () => asked,
    pass: (minutes: number) => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
  };
}
const text = (body: string) => () => new Response(body);
const broken = () => Promise.reject(new TypeError('no route'));

describe('revocation lists from addresses', () => {
  it('are used again for a quarter of an hour, then fetched anew', async () => {
    const crls = source(text('one'), text('two'));
    expect([await crls.lists(), await crls.lists(), crls.asked()]).toEqual([['one'], ['one'], 1]);
    crls.pass(16);
    expect([await crls.lists(), crls.asked()]).toEqual([['two'], 2]);
  });

  it('stay when a newer one does not come; how old is too old, the list says', async () => {
    const crls = source(text('one'), broken);
    await crls.lists();
    crls.pass(16);
    expect([await crls.lists(), crls.asked()]).toEqual([['one'], 2]);
  });

  it.each([
    ['away', broken],
    ['moved', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } })],
    ['an error', () => new Response('no', { status: 500 })],
    ['too long', text('more than eight bytes')],
  ] as const)('are missing when their address is %s', async (_name, answer) => {
    expect(await source(answer).lists()).toEqual([]);
  });

  it.each([
    'http://crl.example/seal.crl',
    'https://user@crl.example/seal.crl',
    'file:///etc/passwd',
    'crl.example',
    'http://127.0.0.1.crl.example/seal.crl',
  ])('are not asked for at %s', (url) => {
    expect(() => fetchedCrls([url], { clock: { now: () => start } })).toThrow('not https');
  });

  it('are sixty-four at most', () => {
    const many = Array.from({ length: 65 }, () => address);
    expect(() => fetchedCrls(many, { clock: { now: () => start } })).toThrow('too many');
  });
});
