import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hikitsugi } from '../cli/support/command-line.ts';
import { bodyOf } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { issueAtOnce } from './support/issued.ts';
import { enterPupil, openOffice } from './support/office.ts';

const hour = 3_600_000;

describe('the status list of a school', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let certificate: string;
  let sdJwt: string;
  let good: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world, ['transcript']);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    const subjects = [{ schoolYear: 2025, name: '国語', credits: null, grade: 5 }];
    await enterPupil(world, 'pupil-01', { subjects });
    certificate = (await issueAtOnce(sakura)).copy.id;
    sdJwt = await taken(certificate);
    good = await taken((await issueAtOnce(sakura)).copy.id);
  }, 180_000);
  afterAll(() => world?.close());

  async function taken(id: string): Promise<string> {
    const json = { 'content-type': 'application/json' };
    const path = `/api/issued-certificates/${id}/credentials`;
    return (await sakura.send('POST', path, JSON.stringify({ proof: null }), json)).text();
  }
  const decode = (part: string | undefined): unknown => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  const headerOf = (text: string) =>
    z
      .strictObject({ alg: z.literal('ES256'), typ: z.string(), x5c: z.array(z.string()) })
      .parse(decode(text.split('.')[0]));
  const statusIn = (text: string) =>
    z
      .object({ status: z.strictObject({ status_list: z.strictObject({ uri: z.url(), idx: z.int() }) }) })
      .parse(decode(text.split('.')[1])).status.status_list;
  const listIn = (token: string) =>
    z
      .strictObject({
        sub: z.url(),
        iat: z.int(),
        exp: z.int(),
        ttl: z.int(),
        status_list: z.strictObject({ bits: z.int(), lst: z.string() }),
      })
      .parse(decode(token.split('.')[1]));

  /** By Node's own zlib and the sentence of the draft: two bits an entry, lowest first. */
  function statusAt(token: string, idx: number): number {
    const bytes = inflateSync(Buffer.from(listIn(token).status_list.lst, 'base64url'));
    expect(bytes.length).toBe(131_072 / 4);
    return (bytes.readUInt8(idx >> 2) >> ((idx & 3) * 2)) & 3;
  }

  it('is one signed file for everybody, and says two bits of each of very many', async () => {
    const { uri, idx } = statusIn(sdJwt);
    const answer = await fetch(uri);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/statuslist+jwt']);
    expect([answer.headers.get('cache-control'), answer.headers.get('access-control-allow-origin')]).toEqual([
      'public, no-cache',
      '*',
    ]);
    const token = await answer.text();
    expect(headerOf(token).typ).toBe('statuslist+jwt');
    const body = listIn(token);
    expect([body.sub, body.ttl, body.exp - body.iat, body.status_list.bits]).toEqual([uri, 300, 86_400, 2]);
    expect(token.length).toBeLessThan(6_000);
    expect([statusAt(token, idx), statusAt(token, 131_071)]).toEqual([0, 0]);
  });

  it('is not sent again to whoever has it, and is another one as soon as something changes', async () => {
    const { uri, idx } = statusIn(sdJwt);
    const first = await fetch(uri);
    const etag = first.headers.get('etag') ?? '';
    const again = (tag: string) => fetch(uri, { headers: { 'if-none-match': tag } });
    expect([(await again(etag)).status, (await again(`W/${etag}`)).status, (await again('"x"')).status]).toEqual([
      304, 304, 200,
    ]);
    expect(await (await fetch(uri)).text()).toBe(await first.text());
    const clerk = await world.as('juniorHigh-clerk');
    bodyOf(await clerk.json('POST', `/api/issued-certificates/${certificate}/revocation`, { reason: 'error' }));
    const changed = await again(etag);
    expect(changed.status).toBe(200);
    expect(statusAt(await changed.text(), idx)).toBe(2);
    const told = changed.headers.get('etag') ?? '';
    expect((await again(told)).status).toBe(304);
    world.clock.pass(hour + 1000);
    // Without a change too, long before it runs out.
    expect((await again(told)).status).toBe(200);
  });

  it('is nowhere else', async () => {
    for (const id of ['AAAAAAAAAAAAAAAAAAAAAA', 'x', '..%2F..%2Fetc', '%27%20or%201=1']) {
      expect((await fetch(`${world.origin}/status-lists/${id}`)).status).toBe(404);
    }
  });

  it('is read by @sd-jwt/sd-jwt-vc, with the credential', async () => {
    const { X509Certificate } = await import('node:crypto');
    const leaf = new X509Certificate(Buffer.from(headerOf(good).x5c[0] ?? '', 'base64'));
    const spki = new Uint8Array(leaf.publicKey.export({ type: 'spki', format: 'der' }));
    const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
    const verifier = (data: string, signature: string) =>
      crypto.subtle.verify(
        { name: 'ECDSA', hash: 'SHA-256' },
        key,
        Buffer.from(signature, 'base64url'),
        new TextEncoder().encode(data),
      );
    const library = new SDJwtVcInstance({
      hasher: async (data: string | ArrayBuffer) =>
        new Uint8Array(
          await crypto.subtle.digest('SHA-256', typeof data === 'string' ? new TextEncoder().encode(data) : data),
        ),
      hashAlg: 'sha-256',
      verifier,
      statusVerifier: verifier,
      statusListFetcher: async (uri: string) => (await fetch(uri)).text(),
    });
    const currentDate = Math.floor(world.clock.now().getTime() / 1000);
    const { payload } = await library.verify(good, { currentDate });
    expect(payload).toMatchObject({ document_kind: 'transcript', official_name: '葛\u{E0100}城　さくら' });
    await expect(library.verify(sdJwt, { currentDate })).rejects.toThrow();
  });

  it('is fetched by the command line, and nothing else is', async () => {
    const file = join(world.folder, 'credential.sd-jwt');
    await writeFile(file, sdJwt);
    const anchors = ['--trust', join(world.folder, 'trust'), '--crl', join(world.folder, 'crl'), '--json'];
    const verify = (...more: string[]) => hikitsugi(['verify', file, ...anchors, ...more], { now: world.clock.now() });
    const alone = await verify();
    expect([alone.exit, alone.out]).toEqual([alone.exit, expect.stringContaining('status.notChecked')]);
    const fetched = await verify('--fetch-status');
    expect([fetched.exit, fetched.out]).toEqual([1, expect.stringContaining('status-suspended')]);
    expect(fetched.out).toContain(codeOf('juniorHigh'));
  });
});
