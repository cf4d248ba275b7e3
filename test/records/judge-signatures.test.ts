import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { inspectorFor } from '../../src/records/inspect.ts';
import { openInspectionDesk } from '../../src/records/inspection-desk.ts';
import { judgeSignatures } from '../../src/records/pdf/judge-signatures.ts';
import { changed, makeContract, replaced, signAs } from '../crypto/pdf/support/contract.ts';
import { makeDocument, signedPdf } from '../crypto/pdf/support/signed-pdf.ts';
import { trustOf } from '../crypto/pdf/support/verified.ts';
import { createTestAuthority } from '../crypto/support/authorities.ts';
import { anchorOf, createTestWorld, type TestWorld } from '../crypto/support/trust.ts';
import { stream } from './pdf-maker.ts';

describe('the signatures inside a PDF that is deposited', () => {
  let world: TestWorld;
  let good: Uint8Array;
  let contract: Buffer;
  beforeAll(async () => {
    world = await createTestWorld();
    good = await signedPdf(world, { level: 'B-LT' });
    contract = await signAs(world, makeContract());
  });
  afterEach(() => vi.useRealTimers());

  const known = () => trustOf(world, { revocation: world.revocation });
  /** As an upload meets it: all checks, and what is said of a file that passes. */
  async function uploaded(bytes: Uint8Array, trust = known()) {
    const inspector = inspectorFor({ mediaType: 'application/pdf', kind: 'other' }, openInspectionDesk(), trust);
    const fault = inspector.take(bytes) ?? (await inspector.end());
    const findings = inspector.findings().filter((finding) => finding !== 'pdf.metadata');
    inspector.close();
    return fault?.code ?? findings.join(' ');
  }

  it('are valid when whole, unchanged, and by somebody on the trust list', async () => {
    expect(await uploaded(good)).toBe('pdf.signature-valid');
    expect(await uploaded(await signedPdf(world, { level: 'B-B' }))).toBe('pdf.signature-valid');
    expect(await uploaded(contract)).toBe('pdf.signature-valid');
  });

  it('are not told of where there are none', async () => {
    expect(await uploaded(await makeDocument())).toBe('');
  });

  it('are called changed when something else is shown now, and the document is taken all the same', async () => {
    const later = await changed(contract, { 4: stream('', 'BT /F 12 Tf 20 200 Td (You get 900 yen) Tj ET') });
    expect(await uploaded(later)).toBe('pdf.signature-changed');
    const taken = await changed(contract, { 7: '<< /Fields [8 0 R] >>' });
    expect(await uploaded(taken)).toBe('pdf.signature-changed');
  });

  it('are called broken when they do not fit the content', async () => {
    expect(await uploaded(replaced(contract, '100 yen', '900 yen'))).toBe('pdf.signature-broken');
  });

  it('are called untrusted when the signer is unknown or revoked', async () => {
    const stranger = await createTestAuthority('別');
    expect(await uploaded(good, { ...known(), anchors: [anchorOf('other', stranger.root)] })).toBe(
      'pdf.signature-untrusted',
    );
  });

  it('are not checked where nobody can say whether the certificate was revoked, or when it was', async () => {
    const unasked = trustOf(world, { revocation: noRevocationSource });
    expect(await uploaded(await signedPdf(world, { level: 'B-T' }), unasked)).toBe('pdf.signature-not-checked');
    expect(await uploaded(good, { ...known(), timestampAnchors: [] })).toBe('pdf.signature-not-checked');
  });

  it('are not checked when a responder keeps the uploader waiting', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const silent = trustOf(world, { revocation: { check: () => new Promise(() => undefined) } });
    const judging = judgeSignatures(await signedPdf(world, { level: 'B-B' }), silent);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await judging).toBe('pdf.signature-not-checked');
  });
});
