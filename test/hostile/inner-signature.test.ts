import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyOf, caseAt } from './support/procedure.ts';
import { alteredSince, signedBySchool, transcriptPdf } from './support/signed-document.ts';
import { type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a PDF that somebody signed, in a transfer', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let signed: Uint8Array;
  let altered: Uint8Array;

  beforeAll(async () => {
    world = await openHostileWorld();
    signed = await signedBySchool(world);
    altered = await alteredSince(signed);
  }, 120_000);
  afterAll(() => world?.close());

  it.each([
    ['as it was signed', () => signed, 'pdf.signature-valid', 'valid'],
    ['changed since', () => altered, 'pdf.signature-changed', 'changed'],
  ] as const)('%s is taken, and sender and receiver are told so', async (_name, bytes, finding, inner) => {
    const sent = await caseAt(world, { upTo: 'opened', documents: [transcriptPdf(bytes())] });
    const clerk = await world.as('juniorHigh-clerk');
    const shown = bodyOf(await clerk.json('GET', `/api/cases/${sent.id}`)) as never as {
      documents: { findings: string[] }[];
    };
    expect(shown.documents[0]?.findings).toContain(finding);
    const receiver = await world.as('cityHigh-clerk');
    const opened = bodyOf(await receiver.json('GET', `/api/cases/${sent.id}`)) as never as {
      documents: { findings: string[] }[];
      verification: { outcome: string; documents: { innerSignature: string }[] };
    };
    expect(opened.documents[0]?.findings).toContain(finding);
    // Reported beside the seal of the package, no part of it.
    expect(opened.verification).toMatchObject({ outcome: 'valid', documents: [{ innerSignature: inner }] });
    const page = await (await receiver.send('GET', `/cases/${sent.id}`)).text();
    expect(page.includes('署名が内容に合わないPDFがあります')).toBe(inner === 'changed');
  });

  it('changed since is shown to the sender before anybody approves it', async () => {
    const { id } = await caseAt(world, { upTo: 'submitted', documents: [transcriptPdf(altered)] });
    for (const account of ['juniorHigh-clerk', 'juniorHigh-principal']) {
      const page = await (await (await world.as(account)).send('GET', `/cases/${id}`)).text();
      expect(page).toContain('署名が内容に合わないPDFがあります');
      expect(page).toContain('正しいファイルに差し替えてください');
    }
  });
});
