import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type EvidenceRecord,
  parseRecord,
  recordBytes,
  stampedBytes,
} from '../../src/crypto/evidence-record/record.ts';
import { renewRecord } from '../../src/crypto/evidence-record/renew.ts';
import { verifyRecord } from '../../src/crypto/evidence-record/verify.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { now } from './support/authorities.ts';
import { createTestWorld, valueOf } from './support/trust.ts';

const world = await createTestWorld();
const objects = [{ name: 'manifest', sha256: 'ab'.repeat(32) }];
const lists = [...world.seal.crls, ...world.time.crls];
const { timestampAnchors, revocation, timestamps } = world;
const trust = { timestampAnchors, revocation, at: now };
const school = await world.seal.issue({ algorithm: 'ES256' });
const tomorrow = new Date(now.getTime() + 86_400_000);
const from = { objects, chain: school.signer.chain, tokens: [], countsUntil: tomorrow };

async function stamped(): Promise<EvidenceRecord> {
  return valueOf(await renewRecord(from, { trust, timestamps, lists })).record;
}

describe('a renewal record', () => {
  it('proves when its objects existed, and keeps the lists that prove them', async () => {
    const record = await stamped();
    // Of both authorities of the school's certificate, root and issuing.
    expect(record.stamps[0]?.crls).toEqual(world.seal.crls);
    expect(await verifyRecord(record, trust)).toMatchObject({ status: 'proved', existedAt: now });
    expect(parseRecord(recordBytes(record))).toEqual({ ok: true, value: record });
  });

  it('proves nothing about other objects, lists or an earlier stamp that was taken out', async () => {
    const record = await stamped();
    const [stamp] = record.stamps;
    if (stamp === undefined) throw new Error('no stamp');
    const invalid = { status: 'invalid', reasons: ['imprint-mismatch'], existedAt: null };
    const other = { ...record, objects: [{ name: 'manifest', sha256: 'cd'.repeat(32) }] };
    expect(await verifyRecord(other, trust)).toMatchObject(invalid);
    expect(await verifyRecord({ ...record, stamps: [{ ...stamp, crls: [] }] }, trust)).toMatchObject(invalid);
    const token = valueOf(await timestamps.stamp(stampedBytes(record, 1, [])));
    const twice = { ...record, stamps: [stamp, { token, crls: [] }] };
    expect(await verifyRecord(twice, trust)).toMatchObject({ status: 'proved' });
    expect(await verifyRecord({ ...record, stamps: [{ token, crls: [] }] }, trust)).toMatchObject(invalid);
  });

  it('could not be checked by who knows the authority, and nothing of revocation', async () => {
    const record = await stamped();
    expect(await verifyRecord(record, { ...trust, revocation: noRevocationSource })).toMatchObject({
      status: 'notChecked',
    });
    expect(await verifyRecord(record, { ...trust, timestampAnchors: [] })).toMatchObject({ status: 'notChecked' });
  });

  it('is not made without a list of each authority, nor when it would last no longer', async () => {
    const by = { trust, timestamps };
    expect(await renewRecord(from, { ...by, lists: [] })).toEqual({ ok: false, fault: 'revocation-list-missing' });
    const far = { ...from, countsUntil: new Date('2046-01-01T00:00:00Z') };
    expect(await renewRecord(far, { ...by, lists })).toEqual({ ok: false, fault: 'nothing-gained' });
    const record = await stamped();
    expect(await renewRecord({ record }, { ...by, lists })).toEqual({ ok: false, fault: 'nothing-gained' });
    const broken = { ...record, objects: [] };
    expect(await renewRecord({ record: broken }, { ...by, lists })).toEqual({ ok: false, fault: 'evidence-not-good' });
  });

  it.each([
    ['no JSON', 'x'],
    ['another version', '{"version":"hikitsugi-renewal/2","objects":[],"stamps":[]}'],
    ['nothing in it', '{"version":"hikitsugi-renewal/1","objects":[],"stamps":[]}'],
    ['a name twice', '{"version":"hikitsugi-renewal/1","version":"hikitsugi-renewal/1","objects":[],"stamps":[]}'],
  ])('is refused with %s', (_name, text) => {
    expect(parseRecord(new TextEncoder().encode(text)).ok).toBe(false);
  });

  it('is refused with a field more, a digest that is none, base64 that is not canonical, or too much of anything', async () => {
    const shape = z.object({ stamps: z.array(z.object({ token: z.string(), crls: z.array(z.string()) })) }).loose();
    const good = shape.parse(JSON.parse(new TextDecoder().decode(recordBytes(await stamped()))));
    const isRead = (change: object) => parseRecord(new TextEncoder().encode(JSON.stringify({ ...good, ...change }))).ok;
    const [stamp] = good.stamps;
    expect(isRead({})).toBe(true);
    const changes = [
      { more: 1 },
      { objects: [{ ...objects[0], more: 1 }] },
      { objects: [{ name: 'manifest', sha256: 'AB'.repeat(32) }] },
      { objects: Array.from({ length: 201 }, () => objects[0]) },
      { stamps: [{ ...stamp, token: `${stamp?.token}=` }] },
      { stamps: [{ ...stamp, more: 1 }] },
      { stamps: Array.from({ length: 33 }, () => stamp) },
    ];
    expect(changes.map(isRead)).toEqual(changes.map(() => false));
  });
});
