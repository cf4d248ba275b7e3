import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxLiveCredentials } from '../../src/certificates/credentials/rules.ts';
import { credentials } from '../../src/certificates/credentials/tables.ts';
import { certificateShares } from '../../src/certificates/shares/tables.ts';
import { readSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { fetchStatusList } from '../../src/verification/fetch-status-list.ts';
import { bodyOf } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { issueAtOnce } from './support/issued.ts';
import { enterPupil, openOffice } from './support/office.ts';
import { viewAt } from './support/shared.ts';

const audience = '見本大学 入学課';

describe('the credential of a share', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let certificate: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world, ['transcript']);
    await enterPupil(world, 'pupil-01', { subjects: [{ schoolYear: 2025, name: '数学', credits: null, grade: 5 }] });
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    certificate = (await issueAtOnce(sakura)).copy.id;
  }, 180_000);
  afterAll(() => world?.close());

  async function shared(more: object = {}) {
    const wish = { audience, fields: ['officialName'], ...more };
    const body = bodyOf(await sakura.json('POST', `/api/issued-certificates/${certificate}/shares`, wish));
    const url: string = body.url ?? '';
    const { ticket } = await viewAt(url, {});
    const id: string = body.share.id;
    return { id, url, ticket };
  }
  const take = ({ url, ticket }: { readonly url: string; readonly ticket: string }) =>
    fetch(`${url}/credential`, { method: 'POST', body: new URLSearchParams({ ticket }) });
  const withdraw = (id: string) => sakura.json('POST', `/api/certificate-shares/${id}/withdrawal`);
  const own = () =>
    sakura.send('POST', `/api/issued-certificates/${certificate}/credentials`, JSON.stringify({ proof: null }), {
      'content-type': 'application/json',
    });
  async function claimsOf(credential: string) {
    const read = await readSdJwt(credential);
    if (!read.ok) throw new Error(read.fault);
    return read.value.claims;
  }
  /** As a program asks that has fetched the list itself. */
  async function verdictsOf(credential: string, sharedWith: string | null = null) {
    const { status } = await claimsOf(credential);
    // Sound: `issueCredential` writes it so.
    const { uri } = (status as { readonly status_list: { readonly uri: string } }).status_list;
    const item = { content: Buffer.from(credential).toString('base64'), statusLists: [await fetchStatusList(uri)] };
    const answer = await fetch(`${world.origin}/api/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items: [{ ...item, sharedWith }] }),
    });
    // Sound: the route's schema describes it.
    const { items } = (await answer.json()) as {
      items: readonly { verdicts: readonly { code: string; reasons: readonly string[]; about: string | null }[] }[];
    };
    return items[0]?.verdicts ?? [];
  }
  const answersIn = async (credential: string, sharedWith?: string) =>
    (await verdictsOf(credential, sharedWith)).map(({ code, reasons }) => [code, ...reasons].join(' '));

  it('ends with the share, and never later than thirty days', async () => {
    for (const days of [3, 90]) {
      const one = await shared({ days });
      const { exp, iat } = await claimsOf(await (await take(one)).text());
      const [row] = await world.job('certificate-share', (tx) =>
        tx.select().from(certificateShares).where(eq(certificateShares.id, one.id)),
      );
      const latest = Math.floor(Number(row?.expiresAt) / 1000);
      expect(exp).toBe(days === 3 ? latest : Number(iat) + 30 * (day / 1000));
    }
  });

  it('says for whom it is, and a verifier is told so, and whether it is they', async () => {
    const credential = await (await take(await shared())).text();
    expect(await claimsOf(credential)).toMatchObject({ shared_with: audience });
    const about = (await verdictsOf(credential)).find(({ code }) => code.startsWith('audience.'))?.about;
    expect(about).toBe(audience);
    expect(await answersIn(credential)).toContain('audience.notChecked audience-not-told');
    expect(await answersIn(credential, '見本大学　入学課')).toContain('audience.valid');
    expect(await answersIn(credential, '別の大学')).toContain('audience.invalid audience-other');
    const mine = await (await own()).text();
    expect((await answersIn(mine, '別の大学')).filter((code) => code.startsWith('audience.'))).toEqual([]);
  });

  it('is taken back when the share is ended, and nothing else is', async () => {
    const [ended, other] = [await shared(), await shared()];
    const [gone, stays] = [await (await take(ended)).text(), await (await take(other)).text()];
    expect(await answersIn(gone)).toContain('status.valid');
    bodyOf(await withdraw(ended.id));
    expect(await answersIn(gone)).toContain('status.invalid status-revoked');
    expect(await answersIn(stays)).toContain('status.valid');
    expect((await take(ended)).status).toBe(410);
  });

  it('is not left behind by a share that is ended while somebody takes it', async () => {
    const shares = await Promise.all(Array.from({ length: 4 }, () => shared()));
    await Promise.all(shares.flatMap((one) => [take(one), withdraw(one.id)]));
    const school = { actor: 'staff:test', school: codeOf('juniorHigh'), role: 'principal' };
    const rows = await world.running.gateway.database.transaction(school, (tx) => tx.select().from(credentials));
    const left = rows.filter(({ shareId, endedAt }) => endedAt === null && shares.some(({ id }) => id === shareId));
    expect(left).toEqual([]);
  });

  it('takes nothing from what the holder may have, and the holder’s own are nobody’s to end', async () => {
    const one = await shared();
    expect((await take(one)).status).toBe(200);
    for (let count = 0; ; count += 1) {
      const answer = await own();
      if (answer.status === 200) continue;
      expect(await answer.json()).toMatchObject({ code: 'credential.too-many' });
      // One was taken above.
      expect(count).toBe(maxLiveCredentials - 1);
      break;
    }
    expect((await take(await shared())).status).toBe(200);
    // Not as the person who holds it, either: what belongs to no share is out of sight.
    const person = { actor: 'person:x', person: 'x' };
    const touched = await world.running.gateway.database.transaction(person, (tx) =>
      tx.update(credentials).set({ endedAt: world.clock.now() }).returning({ id: credentials.id }),
    );
    expect(touched).toEqual([]);
  });
});
