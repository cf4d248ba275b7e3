import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { verifyAsic } from '../../src/crypto/asic-verify.ts';
import { signCades } from '../../src/crypto/cms/sign-cades.ts';
import { sealJws } from '../../src/crypto/sealed-jws.ts';
import { type Signer, webCryptoSigner } from '../../src/crypto/signer.ts';
import type { Identity } from '../../src/demo/certificate-maker.node.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { administratorAt, confirm } from '../administration/support/people.ts';
import type { Session } from '../support/session.ts';
import { bodyOf, caseAt, healthCard, record, refusalIn, type TestCase, take } from './support/procedure.ts';
import { openMachineSession } from './support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

interface SealInput {
  readonly payload: string;
  readonly typ: string;
  readonly fingerprint: string;
}

interface Stamped {
  readonly manifest: unknown;
  readonly containers: readonly { readonly visibility: string; readonly manifestXml: string }[];
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A school-affairs system that holds the school’s seal key: the gateway sees signatures, never the key. */
describe('a seal that the school made itself', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let machine: Session;
  let own: Signer;
  let approved: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld();
    machine = await openMachineSession(world, 'juniorHigh');
    own = await signerOf(world.demo.authorities.seals.get(codeOf('juniorHigh')));
    approved = await newCase();
  }, 120_000);
  afterAll(() => world?.close());

  function signerOf(identity: Identity | undefined): Promise<Signer> {
    if (identity === undefined) throw new Error('no such seal');
    return webCryptoSigner(identity.pkcs8, identity.chain, identity.algorithm);
  }

  function newCase(): Promise<TestCase> {
    return caseAt(world, { upTo: 'approved', pupilId: 'pupil-01', documents: [record(), healthCard()] });
  }

  async function sealInput(id: string): Promise<SealInput> {
    const answer = await machine.send('GET', `/api/cases/${id}/seal-input`);
    expect(answer.status).toBe(200);
    // Sound: the route’s schema describes it.
    return (await answer.json()) as SealInput;
  }

  async function sealed(payload: Uint8Array, lies: { signer?: Signer; iat?: Date; typ?: string } = {}) {
    const { signer = own, iat = world.clock.now(), typ = 'hikitsugi-manifest+jws' } = lies;
    const jws = await sealJws({ payload, typ, signer, timestamps: null, iat });
    if (!jws.ok) throw new Error('no time stamp was asked for');
    return jws.value;
  }

  async function stamped(id: string): Promise<Stamped> {
    const { payload } = await sealInput(id);
    const manifest = await sealed(new Uint8Array(Buffer.from(payload, 'base64')));
    const answer = await machine.send('POST', `/api/cases/${id}/seal-input`, JSON.stringify({ manifest }), {
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(200);
    // Sound: the route’s schema describes it.
    return (await answer.json()) as Stamped;
  }

  async function signAll({ containers }: Stamped, signer = own) {
    return Promise.all(
      containers.map(async ({ visibility, manifestXml }) => {
        const content = new Uint8Array(Buffer.from(manifestXml, 'base64'));
        return { visibility, signature: await cadesOver(content, signer) };
      }),
    );
  }

  async function cadesOver(content: Uint8Array, signer = own): Promise<string> {
    const signature = await signCades({ content, signer, timestamps: null });
    if (!signature.ok) throw new Error('no time stamp was asked for');
    return Buffer.from(signature.value).toString('base64');
  }

  function deliver(id: string, body: object) {
    return machine.json('PUT', `/api/cases/${id}/seal`, { confirmation: codeOf('cityHigh').slice(-4), ...body });
  }

  async function lastReason(): Promise<string> {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'package.sealed')).orderBy(auditEvents.at),
    );
    return rows.filter(({ outcome }) => outcome === 'refused').at(-1)?.reason ?? '';
  }

  it('is delivered, opened and verified like any other, and its containers verify without the gateway', async () => {
    const made = await newCase();
    const stamp = await stamped(made.id);
    const { manifest } = stamp;
    const done = await deliver(made.id, { manifest, containers: await signAll(stamp) });
    expect(bodyOf(done).state).toBe('sealed');
    await take(world, made, 'deposited');
    await take(world, made, 'opened');
    const receiver = await world.as('cityHigh-principal');
    const seen = bodyOf(await receiver.json('GET', `/api/cases/${made.id}`));
    expect(seen.verification).toMatchObject({
      outcome: 'valid',
      seal: 'valid',
      issuer: 'valid',
      time: 'valid',
      digests: 'valid',
    });
    const { trust } = world.running.gateway;
    for (const visibility of ['records', 'health']) {
      const container = await receiver.send('GET', `/api/cases/${made.id}/containers/${visibility}`);
      const verdict = await verifyAsic({
        bytes: new Uint8Array(await container.arrayBuffer()),
        anchors: trust.seal,
        timestampAnchors: trust.time,
        revocation: trust.revocation,
        at: world.clock.now(),
      });
      expect([verdict.structure, verdict.reasons]).toEqual(['valid', []]);
      expect(verdict.signatures.map(({ verdict: { time } }) => time.status)).toEqual(['valid']);
    }
  });

  it('is refused by any other key: another school’s, an unregistered one, an expired, a revoked, an unknown one', async () => {
    const bytes = new Uint8Array(Buffer.from((await sealInput(approved.id)).payload, 'base64'));
    const { badSeals, seals } = world.demo.authorities;
    const others = [seals.get(codeOf('cityHigh')), badSeals.expired, badSeals.revoked, badSeals.unknownRoot];
    for (const identity of others) {
      const manifest = await sealed(bytes, { signer: await signerOf(identity) });
      const answer = await machine.json('POST', `/api/cases/${approved.id}/seal-input`, { manifest });
      expect(refusalIn(answer)).toBe('422 seal.own-refused');
    }
    expect(await lastReason()).toContain('seal.own-refused:manifest:issuer-unknownRoot');
  });

  it('is refused over anything but what was approved: recipient, purpose, a digest, a time, another spelling', async () => {
    const { payload } = await sealInput(approved.id);
    const text = Buffer.from(payload, 'base64').toString('utf8');
    const changed = [
      text.replace(codeOf('cityHigh'), codeOf('privateHigh')),
      text.replace(/"purpose":"[^"]*"/, '"purpose":"x"'),
      text.replace(/"sha256":"[0-9a-f]/, (start) => `${start.slice(0, -1)}${start.endsWith('0') ? '1' : '0'}`),
      text.replace(/"approvedAt":"\d{4}/, '"approvedAt":"2020'),
      text.replace('{', '{ '),
    ];
    for (const one of changed) {
      expect(one).not.toBe(text);
      const answer = await machine.json('POST', `/api/cases/${approved.id}/seal-input`, {
        manifest: await sealed(utf8(one)),
      });
      expect(refusalIn(answer)).toBe('422 seal.own-refused');
      expect(await lastReason()).toBe('seal.own-refused:manifest:other-content');
    }
  });

  it('is refused when it claims another time, another type, or brings a time stamp of its own', async () => {
    const bytes = new Uint8Array(Buffer.from((await sealInput(approved.id)).payload, 'base64'));
    const now = world.clock.now().getTime();
    const { manifest: early } = await stamped(approved.id);
    const lies = [
      await sealed(bytes, { iat: new Date(now - 3_600_000) }),
      await sealed(bytes, { iat: new Date(now + 3_600_000) }),
      await sealed(bytes, { typ: 'hikitsugi-evidence+jws' }),
      early,
    ];
    for (const manifest of lies) {
      const answer = await machine.json('POST', `/api/cases/${approved.id}/seal-input`, { manifest });
      expect(refusalIn(answer)).toBe('422 seal.own-refused');
    }
  });

  it('is refused without the time stamp, without each container, over other bytes, or by another key there', async () => {
    const stamp = await stamped(approved.id);
    const containers = await signAll(stamp);
    const { manifest } = stamp;
    const unstamped = await sealed(new Uint8Array(Buffer.from((await sealInput(approved.id)).payload, 'base64')));
    const foreign = await signAll(stamp, await signerOf(world.demo.authorities.seals.get(codeOf('cityHigh'))));
    const [first, second] = containers;
    const elsewhere = { visibility: 'records', signature: await cadesOver(utf8('other bytes')) };
    const bodies = [
      { manifest: unstamped, containers },
      { manifest, containers: [] },
      { manifest, containers: [first] },
      { manifest, containers: [first, first] },
      { manifest, containers: [elsewhere, second] },
      { manifest, containers: foreign },
      { manifest, containers: [{ visibility: 'records', signature: 'AAAA' }, second] },
    ];
    for (const body of bodies) expect(refusalIn(await deliver(approved.id, body))).toBe('422 seal.own-refused');
    const other = await newCase();
    expect(refusalIn(await deliver(other.id, { manifest, containers }))).toBe('422 seal.own-refused');
  });

  it('still needs the approval of a person, the digits of the school, and a role that may', async () => {
    const draft = await caseAt(world, { upTo: 'submitted', pupilId: 'pupil-01', documents: [record()] });
    const early = await machine.json('GET', `/api/cases/${draft.id}/seal-input`);
    expect(refusalIn(early)).toBe('409 case.wrong-state');
    const stamp = await stamped(approved.id);
    const body = { manifest: stamp.manifest, containers: await signAll(stamp), confirmation: '0000' };
    expect(refusalIn(await deliver(approved.id, body))).toBe('422 recipient.not-confirmed');
    const teacher = await world.as('juniorHigh-homeroomTeacher');
    const denied = await teacher.json('PUT', `/api/cases/${approved.id}/seal`, body);
    expect(denied.status).toBeOneOf([403, 404]);
  });

  it('is void once the content changes, as any approval is', async () => {
    const made = await newCase();
    const stamp = await stamped(made.id);
    const body = { manifest: stamp.manifest, containers: await signAll(stamp) };
    const clerk = await world.as('juniorHigh-clerk');
    bodyOf(await clerk.json('POST', `/api/cases/${made.id}/revision`));
    expect(refusalIn(await deliver(made.id, body))).toBe('409 case.wrong-state');
    await take(world, made, 'submitted');
    await take(world, made, 'approved');
    // Approved anew, at another moment: the manifest says so.
    expect(refusalIn(await deliver(made.id, body))).toBe('422 seal.own-refused');
  });

  // Last: from here on the school's key is another one.
  it('works with a key that never was at the gateway: its certificate alone is registered, by two persons', async () => {
    const identity = world.demo.authorities.seals.get(codeOf('juniorHigh'));
    const certificates = identity?.chain.map((der) => Buffer.from(der).toString('base64'));
    const principal = await world.as('juniorHigh-principal');
    const foreign = world.demo.authorities.seals
      .get(codeOf('cityHigh'))
      ?.chain.map((der) => Buffer.from(der).toString('base64'));
    expect(refusalIn(await principal.json('PUT', '/api/seal-key', { certificates: foreign }))).toBe(
      '422 seal.key-refused',
    );
    const proposed = await principal.json('PUT', '/api/seal-key', { certificates });
    expect(proposed.status).toBe(202);
    const administrator = await administratorAt(world, 'juniorHigh');
    expect((await confirm(administrator, proposed.body.proposalId)).status).toBe(200);
    const made = await newCase();
    const confirmation = codeOf('cityHigh').slice(-4);
    const byGateway = await machine.json('POST', `/api/cases/${made.id}/seal`, { confirmation });
    expect(refusalIn(byGateway)).toBe('409 seal.key-elsewhere');
    const stamp = await stamped(made.id);
    const done = await deliver(made.id, { manifest: stamp.manifest, containers: await signAll(stamp) });
    expect(bodyOf(done).state).toBe('sealed');
    const kept = await world.job('directory', (tx) =>
      tx
        .select()
        .from(sealKeys)
        .where(and(eq(sealKeys.schoolCode, codeOf('juniorHigh')), isNull(sealKeys.retiredAt))),
    );
    expect(kept).toMatchObject([{ sealedPrivateKey: null, wrappedKey: null, rootRef: null }]);
  });
});
