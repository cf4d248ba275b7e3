import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issueCredential } from '../../src/crypto/sd-jwt/issue.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { typeOf } from '../../src/records/credential-type.ts';
import { createHolder, day, type Holder } from '../crypto/support/credentials.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { presentByWallet } from '../support/wallet.ts';
import { openDesk } from './support/desk.ts';

/** What any of the answers may hold; what is not there is empty. */
const answerShape = z.looseObject({
  id: z.string().default(''),
  key: z.string().default(''),
  link: z.string().default(''),
  verdicts: z.array(z.object({ code: z.string() })).default([]),
  facts: z.record(z.string(), z.unknown()).default({}),
});

const school = codeOf('cityHigh');

describe('/api/presentation-requests', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let holder: Holder;
  let credential: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    holder = await createHolder();
    const seal = world.demo.authorities.seals.get(school);
    if (seal === undefined) throw new Error('no seal');
    credential = await issueCredential({
      issuer: `https://hikitsugi.example/schools/${school}`,
      type: typeOf(world.origin, 'enrolmentCertificate'),
      issuedAt: new Date(world.clock.now().getTime() - 60_000),
      expiresAt: new Date(world.clock.now().getTime() + 30 * day),
      holder: holder.jwk,
      status: null,
      open: { school_code: school, document_kind: 'enrolmentCertificate' },
      fields: { official_name: '葛\u{E0100}城　さくら', birthdate: '2011-04-02' },
      signer: await webCryptoSigner(seal.pkcs8, seal.chain, 'ES256'),
    });
  }, 180_000);
  afterAll(() => world?.close());

  async function call(path: string, init: { key?: string; body?: object } = {}) {
    const { key, body } = init;
    const answer = await fetch(`${world.origin}/api/presentation-requests${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': 'en',
        ...(key === undefined ? {} : { 'presentation-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: answerShape.parse(await answer.json()) };
  }
  async function asked() {
    const { status, body } = await call('', { body: { kind: 'enrolmentCertificate', groups: ['name'] } });
    expect(status).toBe(201);
    return { id: body.id, key: body.key, link: body.link };
  }
  async function answered(link: string): Promise<string> {
    const { submit } = await presentByWallet(link, { credential, holder });
    const { status, body } = await submit();
    expect(status).toBe(200);
    return openDesk(world.origin).numberOn(body['redirect_uri'] ?? '');
  }

  it('asks a wallet and gives the verdicts, once the holder has told the number', async () => {
    const { id, key, link } = await asked();
    expect((await call(`/${id}`, { key })).body).toMatchObject({ state: 'waiting', outcome: null, verdicts: [] });
    const number = await answered(link);
    const waiting = (await call(`/${id}`, { key })).body;
    expect(waiting).toMatchObject({ state: 'answered', triesLeft: 5, facts: {} });
    expect(JSON.stringify(waiting)).not.toContain('葛');
    const released = await call(`/${id}/number`, { key, body: { number } });
    expect(released.status).toBe(200);
    expect(released.body).toMatchObject({ state: 'released', outcome: 'notChecked' });
    expect(released.body.verdicts.map(({ code }) => code)).toEqual([
      'signature.valid',
      'issuer.valid',
      'issued.valid',
      'status.notChecked',
      'expiry.valid',
      'holder.valid',
    ]);
    expect(released.body.facts['claims']).toMatchObject({ official_name: '葛\u{E0100}城　さくら' });
    expect(JSON.stringify(released.body)).not.toContain('2011-04-02');
    expect((await call(`/${id}`, { key })).body).toMatchObject({ state: 'released' });
  });

  it('is nobody’s without its key, and another’s key opens nothing', async () => {
    const [mine, other] = [await asked(), await asked()];
    const number = await answered(mine.link);
    for (const key of [undefined, other.key, 'x']) {
      const given = key === undefined ? {} : { key };
      expect((await call(`/${mine.id}`, given)).status).toBe(404);
      expect((await call(`/${mine.id}/number`, { ...given, body: { number } })).status).toBe(404);
    }
    expect((await call(`/${mine.id}`, { key: mine.key })).body).toMatchObject({ state: 'answered', triesLeft: 5 });
  });

  it('deletes what was shown after five wrong numbers', async () => {
    const { id, key, link } = await asked();
    const number = await answered(link);
    const wrong = number === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await call(`/${id}/number`, { key, body: { number: wrong } })).body).toMatchObject({
        code: 'presentation.number',
      });
    }
    expect((await call(`/${id}/number`, { key, body: { number } })).status).toBe(409);
    expect((await call(`/${id}`, { key })).body).toMatchObject({ state: 'closed', ending: 'number', facts: {} });
  });

  it('refuses kinds that are none, and more than there is to ask', async () => {
    for (const body of [
      {},
      { kind: 'x' },
      { kind: 'transcript', groups: ['blood'] },
      { kind: 'transcript', more: 1 },
    ]) {
      expect((await call('', { body })).status).toBe(400);
    }
  });
});
