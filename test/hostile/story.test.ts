import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { examineFile, kindOf } from '../../src/verification/examine.ts';
import { openTrustMaterial } from '../../src/verification/open-trust.ts';
import { outcomeOf, type Report } from '../../src/verification/report.ts';
import { verifyStory } from '../../src/verification/story.ts';
import { parseBundle } from '../../src/verification/trust-bundle.ts';
import type { TrustMaterial } from '../../src/verification/trust-material.ts';
import type { Session } from '../support/session.ts';
import { caseAt, healthCard, record, refusalIn, type TestCase } from './support/procedure.ts';
import { openLinkedSession, openMachineSession, openPersonSession } from './support/sessions.ts';
import { type HostileWorld, openHostileWorld } from './support/world.ts';

describe('the story of a case', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  let trust: TrustMaterial;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    made = await caseAt(world, { upTo: 'acknowledged', documents: [record(), healthCard()] });
    const bundle = parseBundle(await (await fetch(`${world.origin}/verify/trust.json`)).json());
    const opened = bundle === null ? null : await openTrustMaterial(bundle, { at: world.clock.now() });
    if (opened?.ok !== true) throw new Error('no trust');
    trust = opened.value;
    const clerk = await world.as('juniorHigh-clerk');
    await vi.waitFor(async () => expect(await proven(clerk)).toBe(true), { timeout: 60_000, interval: 500 });
  }, 180_000);
  afterAll(() => world?.close());

  const path = () => `/api/cases/${made.id}/story`;

  async function proven(session: Session): Promise<boolean> {
    const told = await session.send('GET', path());
    // Sound: the route's schema describes it.
    const { items } = (await told.json()) as { items: readonly { proof: string | null }[] };
    return items.length > 5 && items.every(({ proof }) => proof !== null);
  }

  async function bundleFor(session: Session): Promise<Uint8Array> {
    const answer = await session.send('GET', `${path()}/bundle`);
    expect(answer.status).toBe(200);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
    return bytes;
  }

  function wrong({ verdicts, items = [] }: Report) {
    return [...verdicts, ...items.flatMap((item) => item.verdicts)]
      .filter(({ word }) => word !== 'valid')
      .map(({ code, reasons }) => [code, ...reasons].join(' '));
  }

  it('is one bundle for each side that verifies offline, act by act, with receipts, seal and openings', async () => {
    for (const subject of ['juniorHigh-clerk', 'cityHigh-principal']) {
      const bytes = await bundleFor(await world.as(subject));
      expect(kindOf(bytes)).toBe('story');
      const report = await examineFile({ kind: 'story', bytes, proof: null, trust: async () => trust });
      expect([subject, wrong(report)]).toEqual([subject, []]);
      expect(outcomeOf(report.verdicts)).toBe('valid');
      const names = report.items?.map(({ name }) => name) ?? [];
      expect(names).toEqual(expect.arrayContaining(['package.deposited', 'package.opened', 'manifest', 'seal-health']));
      const questions = (name: string) =>
        report.items?.find((item) => item.name === name)?.verdicts.map(({ question }) => question);
      // The receiver's act is told to the sender by its own entry, and proved by the other side's receipt.
      expect(questions('package.opened')).toEqual(
        expect.arrayContaining(['inclusion', 'statement', 'opening', 'signature', 'issuer']),
      );
    }
  });

  it('holds no document, and none of the other side’s own acts', async () => {
    const bytes = await bundleFor(await world.as('juniorHigh-clerk'));
    const text = Buffer.from(bytes).toString('latin1');
    for (const { bytes: document } of made.documents) {
      expect(text.includes(Buffer.from(document).subarray(0, 60).toString('latin1'))).toBe(false);
    }
    const { items } = await verifyStory(bytes, trust);
    expect(items?.some(({ name }) => name === 'package.verified')).toBe(false);
  });

  it('falls at the act whose evidence was changed, and at the bundle’s signature', async () => {
    const bytes = await bundleFor(await world.as('juniorHigh-clerk'));
    const text = Buffer.from(bytes).toString('latin1');
    // The middle of a receipt’s payload, somewhere inside the ZIP’s stored blocks.
    const at = text.indexOf('"payload":"') + 200;
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    const report = await verifyStory(changed, trust);
    expect(outcomeOf(report.verdicts)).toBe('invalid');
    expect(kindOf(bytes.subarray(0, bytes.length / 2))).toBe('story');
    const cut = await verifyStory(bytes.subarray(0, bytes.length / 2), trust);
    expect(cut.verdicts[0]?.code).toBe('structure.invalid');
  });

  it('says what it could not check by a trust list that knows neither the log nor the authorities', async () => {
    const bytes = await bundleFor(await world.as('juniorHigh-clerk'));
    const report = await verifyStory(bytes, { ...trust, logKeys: [] });
    expect(report.verdicts.find(({ question }) => question === 'items')?.word).toBe('notChecked');
    const nobody = await verifyStory(bytes, { ...trust, evidence: [], seal: [] });
    expect(outcomeOf(nobody.verdicts)).toBe('invalid');
  });

  it('answers strangers, other persons and other schools like a case that does not exist', async () => {
    const strangers = [
      await world.as('privateHigh-clerk'),
      await openPersonSession(world, 'sakura'),
      await openMachineSession(world, 'privateHigh'),
    ];
    for (const session of strangers) {
      for (const of of [made.id, 'ffffffffffffffff']) {
        for (const end of ['story', 'story/bundle']) {
          expect(refusalIn(await session.json('GET', `/api/cases/${of}/${end}`))).toBe('404 case.not-found');
        }
        const page = await session.send('GET', `/cases/${of}/story`, undefined, { accept: 'text/html' });
        expect(page.status).toBe(404);
      }
    }
  });

  it('is told to the auditor of the board without names, documents, receipts and the other board’s acts', async () => {
    const auditor = await world.as('hibarino-auditor');
    const page = await auditor.send('GET', `/board/cases/${made.id}`, undefined, { accept: 'text/html' });
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('見本中学校');
    expect(text).not.toMatch(/桜|さくら|サクラ|2011|見本市立/);
    const bundle = await auditor.send('GET', `/board/cases/${made.id}/bundle`);
    const report = await verifyStory(new Uint8Array(await bundle.arrayBuffer()), trust);
    expect(wrong(report)).toEqual([]);
    expect(report.items?.flatMap((item) => item.verdicts.map(({ question }) => question))).not.toContain('opening');
    const other = await world.as('nagano-auditor');
    for (const of of [made.id, 'ffffffffffffffff']) {
      const answer = await other.send('GET', `/board/cases/${of}`, undefined, { accept: 'text/html' });
      expect(answer.status).toBe(404);
    }
    for (const path of [`/api/cases/${made.id}/story`, `/api/cases/${made.id}`]) {
      expect((await auditor.send('GET', path)).status).not.toBe(200);
    }
  });

  it('is told to the pupil with both schools’ acts, and looking at it is logged', async () => {
    const pupil = await openLinkedSession(world, 'sakura', 'juniorHigh');
    await expect.poll(async () => proven(pupil), { timeout: 20_000 }).toBe(true);
    const report = await verifyStory(await bundleFor(pupil), trust);
    expect(wrong(report)).toEqual([]);
    expect(new Set(report.items?.map(({ side }) => side))).toEqual(new Set(['sender', 'recipient', null]));
    const page = await pupil.send('GET', `/cases/${made.id}/story`, undefined, { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('data-verify-fetch');
  });
});
