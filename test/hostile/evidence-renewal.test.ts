import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/crypto/evidence-record/record.ts';
import { verifyRecord } from '../../src/crypto/evidence-record/verify.ts';
import { timestampService } from '../../src/crypto/timestamp.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import type { Gateway } from '../../src/gateway.ts';
import { renewCaseEvidence } from '../../src/transfers/renewal/renew-evidence.ts';
import { examineFile, kindOf } from '../../src/verification/examine.ts';
import { outcomeOf } from '../../src/verification/report.ts';
import type { TrustMaterial } from '../../src/verification/trust-material.ts';
import { type Era, openEra } from '../support/eras.ts';
import { bodyOf, caseAt, healthCard, record, type TestCase } from './support/procedure.ts';
import { day, type HostileWorld, openHostileWorld } from './support/world.ts';

const years = (count: number) => Math.round(count * 365) * day;
/** The first ends with RSA-2048, a little over four years from now; each later one lasts five years. */
const renewedAfter = [3.8, 8.5, 13.2, 17.8];

describe('seals and receipts over twenty years', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let eras: readonly Era[];
  let began: Date;
  let passed = 0;
  let sent: TestCase;
  /** Everything that the receiver keeps, by name. */
  const files = new Map<string, Uint8Array>();
  let renewal: Uint8Array;

  beforeAll(async () => {
    world = await openHostileWorld();
    began = world.clock.now();
    eras = await Promise.all(renewedAfter.map((count) => openEra(new Date(began.getTime() + years(count)))));
    sent = await caseAt(world, { upTo: 'acknowledged', documents: [record(), healthCard()] });
    const receiver = await world.as('cityHigh-principal');
    for (const visibility of ['records', 'health']) {
      const answer = await receiver.send('GET', `/api/cases/${sent.id}/containers/${visibility}`);
      files.set(`${visibility}.asice`, new Uint8Array(await answer.arrayBuffer()));
    }
    for (const { event, evidence } of (await receipts()).items) {
      files.set(`${event}.jws.json`, new TextEncoder().encode(JSON.stringify(evidence)));
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.all((eras ?? []).map((era) => era.close()));
    await world?.close();
  });

  async function receipts() {
    const receiver = await world.as('cityHigh-principal');
    return bodyOf(await receiver.json('GET', `/api/cases/${sent.id}/receipts`)) as never as {
      items: { event: string; evidence: unknown }[];
      renewal: unknown;
    };
  }
  function at(count: number): void {
    world.clock.pass(years(count) - passed);
    passed = years(count);
  }
  /** The gateway as it would be configured then: every authority there was, and the lists of that day. */
  async function gatewayWith(era: Era | null): Promise<Gateway> {
    const { gateway } = world.running;
    await world.demo.authorities.reissueCrls();
    const now = gateway.clock.now();
    const known = eras.filter((one) => one.at <= now);
    const lists = [...(await gateway.revocationLists()), ...(await Promise.all(known.map((one) => one.listAt(now))))];
    const revocation = crlSource(lists, { now });
    const own = { url: gateway.settings.TSA_URL, anchors: gateway.trust.time, revocation, timeoutMs: 5_000 };
    return {
      ...gateway,
      timestamps: era?.timestamps ?? timestampService([{ ...own, clock: gateway.clock }]),
      revocationLists: () => Promise.resolve(lists),
      trust: { ...gateway.trust, time: [...gateway.trust.time, ...known.map(({ anchor }) => anchor)], revocation },
    };
  }
  /** Who verifies at year 20, with the lists of that day alone. */
  async function year20(): Promise<TrustMaterial> {
    const now = new Date(began.getTime() + years(20));
    const { seal, person, evidence, time } = world.running.gateway.trust;
    const lists = await Promise.all(eras.slice(-1).map((era) => era.listAt(now)));
    const all = [...time, ...eras.map(({ anchor }) => anchor)];
    return { seal, person, evidence, time: all, revocation: crlSource(lists, { now }), logKeys: [], at: now };
  }
  async function outcomes(record: Uint8Array | null) {
    const trust = await year20();
    const found = await Promise.all(
      [...files.values()].map(async (bytes) => {
        const kind = kindOf(bytes);
        if (kind === null) throw new Error('an unknown file');
        const report = await examineFile({
          kind,
          bytes,
          proof: null,
          renewals: record === null ? [] : [record],
          trust: async () => trust,
        });
        return outcomeOf(report.verdicts);
      }),
    );
    return [...new Set(found)];
  }

  it('are good for long at first, and nothing is done', async () => {
    expect(await renewCaseEvidence(world.running.gateway)).toEqual({ renewed: 0, standing: 1, failed: 0 });
    expect((await receipts()).renewal).toBeNull();
  });

  it('are renewed before they end, and again, in a record that parties can fetch', async () => {
    at(renewedAfter[0] ?? 0);
    // An authority that has not renewed itself gains nothing.
    expect(await renewCaseEvidence(await gatewayWith(null))).toEqual({ renewed: 0, standing: 0, failed: 1 });
    at((renewedAfter[0] ?? 0) + 15 / 365);
    const late = await openEra(world.clock.now());
    eras = [late, ...eras.slice(1)];
    for (const [index, era] of eras.entries()) {
      if (index > 0) at(renewedAfter[index] ?? 0);
      expect(await renewCaseEvidence(await gatewayWith(era))).toEqual({ renewed: 1, standing: 0, failed: 0 });
      expect(await renewCaseEvidence(await gatewayWith(era))).toEqual({ renewed: 0, standing: 0, failed: 0 });
    }
    at(0);
    const receiver = await world.as('cityHigh-principal');
    const answer = await receiver.send('GET', `/api/cases/${sent.id}/renewal`);
    renewal = new Uint8Array(await answer.arrayBuffer());
    expect((await receipts()).renewal).toEqual(JSON.parse(new TextDecoder().decode(renewal)));
    expect(await (await receiver.send('GET', `/cases/${sent.id}`)).text()).toContain('更新記録を保存');
    const stranger = await world.as('elementary-principal');
    expect((await stranger.send('GET', `/api/cases/${sent.id}/renewal`)).status).toBe(404);
    const parsed = parseRecord(renewal);
    expect(parsed.ok && [parsed.value.objects.length, parsed.value.stamps.length]).toEqual([6, 4]);
  });

  it('are valid at the time of sealing for whoever verifies at year 20 with the record, and without it never', async () => {
    expect(files.size).toBe(5);
    expect(await outcomes(renewal)).toEqual(['valid']);
    expect(await outcomes(null)).not.toContain('valid');
  });

  it('gain nothing from a record of other files, a changed one, or one whose newest stamp has ended', async () => {
    const trust = await year20();
    const [bytes = new Uint8Array()] = files.values();
    const reasons = async (record: Uint8Array, by = trust) => {
      const { verdicts } = await examineFile({
        kind: 'container',
        bytes,
        proof: null,
        renewals: [record],
        trust: async () => by,
      });
      return [outcomeOf(verdicts), ...(verdicts.at(-1)?.reasons ?? [])];
    };
    const text = new TextDecoder().decode(renewal);
    const parsed = parseRecord(renewal);
    if (!parsed.ok) throw new Error(parsed.fault);
    const changed = (from: string, to: string) => new TextEncoder().encode(text.replace(from, to));
    const own = parsed.value.objects.find(({ name }) => name === 'container records');
    expect(await reasons(changed(own?.sha256 ?? '', '0'.repeat(64)))).toEqual(['invalid', 'renewal-other-file']);
    const other = parsed.value.objects.find(({ name }) => name === 'manifest');
    expect(await reasons(changed(other?.sha256 ?? '', '0'.repeat(64)))).toEqual(['invalid', 'imprint-mismatch']);
    expect(await reasons(changed('"version"', '"more":1,"version"'))).toEqual(['invalid', 'record-malformed']);
    const late = { ...trust, at: new Date(began.getTime() + years(25)) };
    expect(await reasons(renewal, late)).toEqual(['invalid', 'timestamp-ended']);
    const [first, , ...rest] = parsed.value.stamps;
    const gap = { ...parsed.value, stamps: first === undefined ? rest : [first, ...rest] };
    const { time: timestampAnchors, revocation, at: now } = trust;
    expect((await verifyRecord(gap, { timestampAnchors, revocation, at: now })).status).toBe('invalid');
  });
});
