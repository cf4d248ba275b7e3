import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseAt } from '../hostile/support/procedure.ts';
import { alteredSince, signedBySchool, transcriptPdf } from '../hostile/support/signed-document.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openBrowser } from '../support/browser.ts';
import { openWindow } from './support/window.ts';

/** What people see of signatures inside PDFs: before they are sent, and when they have come. */
describe('a PDF that was changed after somebody signed it', () => {
  let world: HostileWorld;
  let chromium: Awaited<ReturnType<typeof openBrowser>>;
  let altered: Uint8Array;
  beforeAll(async () => {
    [world, chromium] = await Promise.all([openHostileWorld(), openBrowser()]);
    altered = await alteredSince(await signedBySchool(world));
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    await world?.close();
  });

  it('is pointed out to the sender, who may send it, and to the receiver', async () => {
    const { id } = await caseAt(world, { upTo: 'draft', documents: [transcriptPdf(altered)] });
    const clerk = await openWindow(chromium.browser, world.origin, { script: true });
    await clerk.logIn('juniorHigh-clerk');
    await clerk.go(`/cases/${id}`);
    expect(await clerk.text()).toContain('PDFが署名の後で変更されています');
    await clerk.inspectBoth('signed-pdf-sender');
    const sent = await caseAt(world, { upTo: 'opened', documents: [transcriptPdf(altered)] });
    const receiver = await openWindow(chromium.browser, world.origin, { script: true });
    await receiver.logIn('cityHigh-clerk');
    await receiver.go(`/cases/${sent.id}`);
    expect(await receiver.text()).toContain('送付元に確かめてください');
    await receiver.inspectBoth('signed-pdf-receiver');
  }, 400_000);
});
