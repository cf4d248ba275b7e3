import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { compactJws, signJws } from '../../src/crypto/jose.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { proofType } from '../../src/records/certificate-proof.ts';
import { paperIn } from '../../src/verification/paper.ts';
import { hikitsugi } from '../cli/support/command-line.ts';
import { bodyOf } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const verdicts = z.array(z.object({ code: z.string(), reasons: z.array(z.string()), next: z.string().nullish() }));
const byCommand = z.object({ reports: z.array(z.object({ outcome: z.string(), verdicts })) });
const inBulk = z.object({ items: z.array(z.object({ outcome: z.string(), verdicts })) });

/** The same question by every surface: does this paper count now? */
describe('how a certificate stands now, asked by the command and in bulk', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let clerk: Session;
  let principal: Session;
  const at = (name: string) => join(world.folder, name);

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
    await enterPupil(world, 'pupil-01');
  }, 120_000);
  afterAll(() => world?.close());

  async function approve(request: string): Promise<void> {
    bodyOf(await clerk.json('POST', `/api/certificate-requests/${request}/check`));
    bodyOf(await principal.json('POST', `/api/certificate-requests/${request}/approval`));
  }
  /** The PDF and the text of the second code, as files; the id of the certificate. */
  async function issue(name: string): Promise<string> {
    const request = bodyOf(await sakura.json('POST', '/api/own-certificates', { ...wish, copies: 1 })).id;
    await approve(request);
    const id = await issuedBy(request);
    const pdf = new Uint8Array(await (await sakura.send('GET', `/api/issued-certificates/${id}`)).arrayBuffer());
    await writeFile(at(`${name}.pdf`), pdf);
    await writeFile(at(`${name}.txt`), await codeFor(pdf));
    return id;
  }
  function issuedBy(request: string): Promise<string> {
    return vi.waitFor(
      async () => {
        const { body } = await clerk.json('GET', `/api/certificate-requests/${request}`);
        const shape = z.object({
          request: z.object({ state: z.literal('issued'), certificates: z.array(z.object({ id: z.string() })) }),
        });
        return shape.parse(body).request.certificates[0]?.id ?? '';
      },
      { timeout: 30_000, interval: 200 },
    );
  }
  /** The gateway prints it as a picture alone; the school's seal makes the same once more. */
  async function codeFor(pdf: Uint8Array): Promise<string> {
    const proof = await paperIn(pdf);
    const seal = world.demo.authorities.seals.get(codeOf('juniorHigh'));
    if (proof === null || seal === undefined) throw new Error('no certificate');
    const signer = await webCryptoSigner(seal.pkcs8, seal.chain, seal.algorithm);
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(signer.chain[0] ?? []));
    const header = { kid: Buffer.from(digest).toString('base64url'), typ: proofType };
    return compactJws(await signJws({ payload: canonicalJson(proof), header, signer }));
  }
  async function command(name: string, ...more: readonly string[]) {
    const { trustDirectory, crlDirectory } = world.demo.authorities;
    const args = ['verify', at(name), '--trust', trustDirectory, '--crl', crlDirectory, '--json', ...more];
    const ran = await hikitsugi(args, { now: world.clock.now() });
    const [report] = byCommand.parse(JSON.parse(ran.out)).reports;
    return { exit: ran.exit, state: stateIn(report?.verdicts ?? []), outcome: report?.outcome };
  }
  async function bulk(...names: readonly string[]) {
    const items = await Promise.all(names.map(async (name) => ({ content: await readFile(at(name), 'base64') })));
    const answer = await fetch(`${world.origin}/api/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'en' },
      body: JSON.stringify({ items }),
    });
    return inBulk.parse(await answer.json()).items.map((one) => stateIn(one.verdicts));
  }
  const stateIn = (found: z.infer<typeof verdicts>) =>
    found.filter(({ code }) => code.startsWith('state.')).map(({ code, reasons }) => [code, ...reasons].join(' '));
  const asking = (origin = world.origin) => ['--fetch-status', '--origin', origin];

  it('is valid, then superseded or revoked, in the same codes, of the PDF and of its second code', async () => {
    const [replaced, revoked] = [await issue('replaced'), await issue('revoked')];
    for (const name of ['replaced.pdf', 'replaced.txt']) {
      expect(await command(name, ...asking())).toEqual({ exit: 0, state: ['state.valid'], outcome: 'valid' });
    }
    expect(await bulk('replaced.pdf', 'replaced.txt')).toEqual([['state.valid'], ['state.valid']]);
    const path = `/api/issued-certificates/${replaced}/replacement`;
    const request = bodyOf(await clerk.json('POST', path, { reason: 'correction' })).id;
    await approve(request);
    await issuedBy(request);
    bodyOf(await clerk.json('POST', `/api/issued-certificates/${revoked}/revocation`, { reason: 'fraud' }));
    bodyOf(await principal.json('POST', `/api/issued-certificates/${revoked}/revocation/confirmation`));
    for (const [name, state] of [
      ['replaced', ['state.invalid state-superseded']],
      ['revoked', ['state.invalid state-revoked']],
    ] as const) {
      for (const file of [`${name}.pdf`, `${name}.txt`]) {
        expect(await command(file, ...asking())).toEqual({ exit: 1, state, outcome: 'invalid' });
      }
      expect(await bulk(`${name}.pdf`, `${name}.txt`)).toEqual([state, state]);
    }
  });

  it('is asked of nobody by the command unless told, and of nobody but the gateway that was named', async () => {
    await issue('unasked');
    expect(await command('unasked.pdf')).toMatchObject({ exit: 0, state: [] });
    const nowhere = asking('http://127.0.0.1:9');
    const unreachable = { exit: 3, state: ['state.notChecked state-unreachable'] };
    expect(await command('unasked.pdf', ...nowhere)).toMatchObject(unreachable);
    const args = ['verify', at('unasked.pdf'), '--trust', world.demo.authorities.trustDirectory];
    expect((await hikitsugi([...args, '--origin', world.origin])).exit).toBe(2);
    expect((await hikitsugi([...args, '--fetch-status', '--origin', 'http://gateway.example'])).exit).toBe(2);
    const people = await hikitsugi([...args, '--crl', world.demo.authorities.crlDirectory, ...nowhere]);
    expect(people.out).toContain('今の状態を尋ねましたが、答えがありません');
  });
});
