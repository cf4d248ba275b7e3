import { copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { publishTrustList } from '../../src/demo/signed-trust.node.ts';
import { writeRenewals, writeWitnessed } from '../cli/support/beside-receipt.ts';
import { hikitsugi } from '../cli/support/command-line.ts';
import { makeSealedFolder, swapDocument } from '../cli/support/sealed-folder.ts';
import { changed, replaced } from '../crypto/pdf/support/contract.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from '../demo/temporary-authorities.ts';
import { describeViolations, openBrowser, overflowPixels, type TestBrowser } from '../support/browser.ts';
import {
  bundleOf,
  codesOn,
  type OfflineVerifier,
  openOfflineVerifier,
  writeOfflinePage,
} from './support/offline-verifier.ts';

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000);

describe('verify.html, from a disk and without a network', () => {
  let ours: TemporaryAuthorities;
  let strangers: TemporaryAuthorities;
  let chromium: TestBrowser;
  let folder: string;
  let verifier: OfflineVerifier;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    [ours, strangers, chromium] = await Promise.all([temporaryAuthorities(), temporaryAuthorities(), openBrowser()]);
    folder = await makeSealedFolder(ours, 'juniorHigh');
    const foreign = await makeSealedFolder(strangers, 'juniorHigh');
    await copyFile(join(foreign, 'records.asice'), at('foreign.asice'));
    await mkdir(at('foreign-trust'));
    for (const name of ['trust.json', 'gateway-evidence.pem']) {
      await copyFile(join(foreign, 'trust', name), at(`foreign-trust/${name}`));
    }
    await makeBadFiles();
    await writeWitnessed(folder, ours.authorities);
    await writeRenewals(folder, ours.authorities);
    await writeOfflinePage(at('verify.html'), await bundleOf(folder));
    verifier = await openOfflineVerifier(chromium.browser, at('verify.html'));
  }, 180_000);

  afterAll(async () => {
    await chromium?.close();
    await ours?.remove();
    await strangers?.remove();
  });

  async function makeBadFiles(): Promise<void> {
    await swapDocument(at('records.asice'), at('changed.asice'));
    const spoilt = await readFile(at('health.asice'));
    spoilt[200] = (spoilt[200] ?? 0) ^ 1;
    await writeFile(at('spoilt.asice'), spoilt);
    const signed = await readFile(at('signed.pdf'));
    await writeFile(at('later.pdf'), await changed(signed, { 1: '<< /Type /Catalog /Pages 2 0 R >>' }));
    await writeFile(at('forged.pdf'), replaced(signed, '/MediaBox', '/mediaBox'));
    await writeFile(at('cut.pdf'), signed.subarray(0, -20));
    const manifest = await readFile(at('manifest.jws.json'), 'utf8');
    await writeFile(at('forged.jws.json'), manifest.replace(/"signature":"..../, '"signature":"AAAA'));
    const bomb = zipSync({ mimetype: new Uint8Array(200 * 1024 * 1024) }, { level: 9 });
    await writeFile(at('bomb.asice'), bomb);
    await writeFile(at('picture.asice'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    await writeFile(at('note.txt'), 'hello');
    await writeFile(at('scan.pdf'), '%PDF-1.7\nstartxref\n0\n%%EOF\n');
    await writeFile(at('empty.asice'), '');
  }

  it('says the same of a certificate’s code with the seal beside it as the command, and nothing without it', async () => {
    const expected = ['signature.valid', 'issuer.valid', 'issued.valid', 'state.notChecked state-not-asked'];
    expect(await verifier.verify(at('code.txt'), at('seal.pem'))).toEqual([['notChecked', ...expected]]);
    expect(await verifier.page.locator('details[open] dd').allTextContents()).toContain('見本　花子');
    const trust = ['--trust', at('trust'), '--crl', at('crl')];
    const { out, exit } = await hikitsugi(['verify', at('code.txt'), '--seal', at('seal.pem'), ...trust, '--json']);
    // Sound: --json gives reports; what is missing in one fails the assertion that follows.
    const { reports } = JSON.parse(out) as { reports: { verdicts: { code: string; reasons: string[] }[] }[] };
    const codes = reports[0]?.verdicts.map(({ code, reasons }) => [code, ...reasons].join(' '));
    expect([exit, codes]).toEqual([3, expected]);
    expect(await verifier.verify(at('code.txt'))).toEqual([['notChecked', 'signature.notChecked seal-missing']]);
    expect(await verifier.page.locator('details[open] dd').count()).toBe(0);
  });

  const same = [
    'records.asice',
    'health.asice',
    'manifest.jws.json',
    'receipts/SubmissionAcceptance.jws.json',
    'changed.asice',
    'spoilt.asice',
    'forged.jws.json',
    'foreign.asice',
    'bomb.asice',
    'scan.pdf',
    'signed.pdf',
    'later.pdf',
    'forged.pdf',
    'cut.pdf',
  ];

  it.each(same)('says of %s what the command says, code for code', async (name) => {
    expect(await verifier.verify(at(name))).toEqual(await byCommand(at(name)));
  });

  /** By the command, as the page shows it. */
  async function byCommand(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
    const { out } = await hikitsugi(['verify', ...args, '--trust', at('trust'), '--crl', at('crl'), '--json']);
    // Sound: --json gives reports; what is missing in one fails the assertion that follows.
    const { reports } = JSON.parse(out) as {
      readonly reports: readonly {
        readonly outcome: string;
        readonly verdicts: readonly { readonly code: string; readonly word: string; readonly reasons: string[] }[];
      }[];
    };
    return reports.map(({ outcome, verdicts }) => [
      outcome,
      ...verdicts.map(({ code, word, reasons }) => [code, ...(word === 'valid' ? [] : reasons)].join(' ')),
    ]);
  }
  const receipt = 'receipts/SubmissionAcceptance.jws.json';

  it.each([
    ['both', 'policy', 'valid'],
    ['one', 'policy', 'invalid'],
    ['one', 'lenient', 'valid'],
  ])(
    'counts the witnesses of a receipt as the command does: seen by %s, by the %s: %s',
    async (proof, policy, word) => {
      const [args, files] = [`${proof}.tlog-proof`, `${policy}.txt`].map(at);
      const shown = await verifier.verify(at(receipt), args ?? '', files ?? '');
      expect(shown).toEqual(await byCommand(at(receipt), '--proof', args ?? '', '--policy', files ?? ''));
      expect(shown[0]?.[0]).toBe(word);
      const seen = verifier.page.locator('[data-code^="witnesses."]');
      expect(await seen.textContent()).toMatch(proof === 'both' ? /2 \/ 2 \(≥ 2\)/ : /1 \/ 2 \(≥ [12]\): board/);
      await picture(`verify-witnesses-${proof}-${policy}`);
    },
  );

  it('takes a policy of witnesses as part of whom to believe, and keeps to it', async () => {
    const reader = await openOfflineVerifier(chromium.browser, at('verify.html'));
    await reader.chooseTrust(at('policy.txt'));
    expect((await reader.verify(at(receipt), at('one.tlog-proof')))[0]).toContain('witnesses.invalid quorum.missing');
    // One that is chosen with a receipt goes before it.
    expect((await reader.verify(at(receipt), at('one.tlog-proof'), at('lenient.txt')))[0]).toContain('witnesses.valid');
    await reader.close();
    await mkdir(at('witnessed'), { recursive: true });
    const witnessed = { ...ours.authorities, trustDirectory: at('witnessed') };
    await publishTrustList(witnessed, systemClock, at('policy.txt'));
    const list: unknown = JSON.parse(await readFile(at('witnessed/trust.json'), 'utf8'));
    await writeOfflinePage(at('witnessed.html'), { ...(await bundleOf(folder)), list });
    const stated = await openOfflineVerifier(chromium.browser, at('witnessed.html'));
    expect((await stated.verify(at(receipt), at('both.tlog-proof')))[0]).toContain('witnesses.valid');
    expect((await stated.verify(at(receipt), at('one.tlog-proof')))[0]).toContain('witnesses.invalid quorum.missing');
    await stated.close();
  }, 60_000);

  it('takes a renewal record together with what it renews, as the command does', async () => {
    const given = ['--renewal', at('renewal.json')];
    const shown = await verifier.verify(at('manifest.jws.json'), at(receipt), at('renewal.json'));
    expect(shown).toEqual(await byCommand(at('manifest.jws.json'), at(receipt), ...given));
    expect(shown.map((codes) => codes.at(-1))).toEqual(['renewal.valid', 'renewal.valid']);
    await picture('verify-renewal');
    // Beside what it is about, a file without a record of its own is told nothing.
    expect(
      (await verifier.verify(at('scan.pdf'), at(receipt), at('renewal.json'))).map((codes) => codes.at(-1)),
    ).toEqual(['structure.invalid pdf-damaged', 'renewal.valid']);
    expect((await verifier.verify(at(receipt), at('other-renewal.json')))[0]).toContain(
      'renewal.notChecked renewal-other-file',
    );
    await writeFile(at('bad-renewal.json'), '{"version":"hikitsugi-renewal/1","objects":[],"stamps":[]}');
    expect((await verifier.verify(at(receipt), at('bad-renewal.json')))[0]).toContain(
      'renewal.invalid record-malformed',
    );
  }, 60_000);

  it('says of what goes with another file that it does, when it comes alone', async () => {
    for (const name of ['renewal.json', 'policy.txt', 'both.tlog-proof', 'seal.pem']) {
      expect(await verifier.verify(at(name)), name).toEqual([['notChecked', 'file.companion']]);
    }
  });

  describe('beside the page', () => {
    it('ends what takes too long, says so, and goes on with the next', async () => {
      const { context, page } = await openWithClock();
      await writeFile(at('long.asice'), zipSync({ mimetype: new Uint8Array(60 * 1024 * 1024).fill(7) }, { level: 0 }));
      await page.locator('[data-verify-files]').setInputFiles([at('long.asice'), at('scan.pdf')]);
      await page.waitForEvent('worker');
      const results = page.locator('[data-verify-results] > section');
      while ((await results.count()) === 0) await page.clock.fastForward(61_000);
      expect(await codesOn(page)).toEqual([
        ['notChecked', 'verifier.too-slow'],
        ['notChecked', 'verifier.too-slow'],
      ]);
      await expect.poll(() => page.workers()).toEqual([]);
      await page.locator('[data-verify-files]').setInputFiles([at('records.asice')]);
      await page.locator('[data-outcome="valid"]').waitFor();
      await context.close();
    }, 120_000);

    it('shows the answer about what was chosen last alone', async () => {
      const { page } = verifier;
      await page.locator('[data-verify-files]').setInputFiles([at('long.asice')]);
      await page.locator('[data-verify-files]').setInputFiles([at('scan.pdf')]);
      await page.locator('[data-verify-results] > section').waitFor();
      await expect.poll(() => page.workers()).toEqual([]);
      expect(await codesOn(page)).toEqual([['invalid', 'structure.invalid pdf-damaged']]);
    });

    it('verifies on the page where the browser lets no worker be made', async () => {
      const held = await readFile(at('verify.html'), 'utf8');
      await writeFile(at('no-worker.html'), held.replace(' worker-src blob:;', ''));
      const alone = await openOfflineVerifier(chromium.browser, at('no-worker.html'));
      expect((await alone.verify(at('records.asice')))[0]?.[0]).toBe('valid');
      expect((await alone.verify(at('changed.asice')))[0]?.[0]).toBe('invalid');
      expect(alone.complaints.join()).toMatch(/worker|Content Security Policy/i);
      await alone.close();
    });

    async function openWithClock() {
      const context = await chromium.browser.newContext({ locale: 'ja-JP', offline: true });
      const page = await context.newPage();
      await page.clock.install();
      await page.goto(pathToFileURL(at('verify.html')).href);
      return { context, page };
    }
  });

  it('finds what is good good, and what is bad bad', async () => {
    expect((await verifier.verify(at('records.asice')))[0]?.[0]).toBe('valid');
    expect((await verifier.verify(at('signed.pdf')))[0]).toEqual(
      expect.arrayContaining(['valid', 'innerSignature.valid', 'changes.valid']),
    );
    for (const name of [
      'later.pdf',
      'forged.pdf',
      'cut.pdf',
      'changed.asice',
      'spoilt.asice',
      'forged.jws.json',
      'foreign.asice',
      'bomb.asice',
    ]) {
      expect((await verifier.verify(at(name)))[0]?.[0], name).toBe('invalid');
    }
    expect((await verifier.verify(at('changed.asice')))[0]).toContain('signature.valid');
    expect((await verifier.verify(at('foreign.asice')))[0]?.join()).toContain('issuer.invalid');
  }, 60_000);

  it('says of what it does not know that it does not', async () => {
    for (const name of ['note.txt', 'picture.asice', 'empty.asice']) {
      expect(await verifier.verify(at(name)), name).toEqual([['notChecked', 'file.unknown']]);
    }
  });

  it('does not read a file that is too large', async () => {
    const file = await open(at('huge.asice'), 'w');
    await file.truncate(65 * 1024 * 1024);
    await file.close();
    expect(await verifier.verify(at('huge.asice'))).toEqual([['notChecked', 'file.too-large']]);
  }, 60_000);

  it('verifies twenty at once, and says of each further one that it did not', async () => {
    const found = await verifier.verify(...Array.from({ length: 21 }, () => at('scan.pdf')));
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toEqual(['notChecked', 'file.too-many']);
  });

  it('asks the network for nothing, and complains of nothing', async () => {
    await verifier.verify(at('records.asice'));
    // The worker is a piece of the page itself.
    const [page, ...others] = verifier.requests;
    expect(page).toMatch(/^file:.*verify\.html$/);
    expect(others.filter((url) => !url.startsWith('blob:'))).toEqual([]);
    expect(verifier.complaints).toEqual([]);
    const policy = await verifier.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    // No connect-src, no form-action: the browser itself would stop an upload.
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; worker-src blob:; base-uri 'none'; form-action 'none'$/,
    );
  });

  it('is used by keyboard alone, and reads what is pasted', async () => {
    const { page } = verifier;
    await page.evaluate(`document.querySelector('[data-verify-results]').replaceChildren()`);
    const manifest = await readFile(at('manifest.jws.json'), 'utf8');
    await page.locator('textarea').focus();
    await page.keyboard.insertText(manifest);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('[data-code="signature.valid"]').waitFor();
    expect(await page.evaluate('document.activeElement.hasAttribute("data-verify-results")')).toBe(true);
  });

  it.each([1280, 390])('has no fault of access at %i pixels, in both languages', async (width) => {
    const { page } = verifier;
    await page.setViewportSize({ width, height: 900 });
    await verifier.verify(at('records.asice'), at('changed.asice'), at('scan.pdf'), at('note.txt'));
    for (const [button, lang, words] of [
      ['English', 'en', 'verification failed'],
      ['日本語', 'ja', '検証に不合格です'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      expect(await page.locator('html').getAttribute('lang')).toBe(lang);
      expect(await page.locator('[data-verify-results]').textContent()).toContain(words);
      await picture(`verify-offline-${lang}-${width}`);
      expect(await describeViolations(page)).toBe('');
      expect(await overflowPixels(page)).toBe(0);
    }
  });

  it('prints the results without the form', async () => {
    const { page } = verifier;
    await verifier.verify(at('changed.asice'));
    await page.emulateMedia({ media: 'print' });
    await picture('verify-offline-print');
    expect(await page.locator('form').isVisible()).toBe(false);
    expect(await page.locator('[data-code="digests.invalid"]').isVisible()).toBe(true);
    expect(await page.locator('[data-verify-news]').textContent()).toMatch(/確かめた時刻 .*信頼リスト 第\d+号/);
    await page.emulateMedia({ media: null });
  });

  async function picture(name: string): Promise<void> {
    const pictures = process.env['BROWSER_PICTURES'];
    if (pictures === undefined) return;
    await mkdir(pictures, { recursive: true });
    await verifier.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }

  describe('and its trust list', () => {
    it('says that it could not check when the revocation lists have run out', async () => {
      const later = await openOfflineVerifier(chromium.browser, at('verify.html'), { at: daysFromNow(30) });
      const [receipt] = await later.verify(at('receipts/SubmissionAcceptance.jws.json'));
      expect(receipt).toContain('issuer.notChecked notChecked crl-expired');
      await later.close();
    });

    it('believes no list that has run out', async () => {
      const later = await openOfflineVerifier(chromium.browser, at('verify.html'), { at: daysFromNow(401) });
      expect(await later.verify(at('records.asice'))).toEqual([['notChecked', 'trust.refused trust-list-expired']]);
      await later.close();
    });

    it('takes a newer one from the disk, and no older one, no changed one, none of another signer', async () => {
      const old = join(folder, 'old.html');
      await writeOfflinePage(old, await bundleOf(folder));
      const reader = await openOfflineVerifier(chromium.browser, old);
      await reader.chooseTrust(at('trust/trust.json'));
      expect((await reader.verify(at('records.asice')))[0]?.[0]).toBe('valid');

      await reader.chooseTrust(at('foreign-trust/trust.json'), at('foreign-trust/gateway-evidence.pem'));
      expect(await reader.verify(at('foreign.asice'))).toEqual([['notChecked', 'trust.refused other-signer']]);

      await reader.chooseTrust(at('foreign-trust/trust.json'));
      expect(await reader.verify(at('foreign.asice'))).toEqual([['notChecked', 'trust.refused signature-invalid']]);

      await writeFile(at('older.json'), JSON.stringify(await olderList()));
      await reader.chooseTrust(at('older.json'));
      expect(await reader.verify(at('records.asice'))).toEqual([['notChecked', 'trust.refused older-than-known']]);
      await reader.close();
    }, 60_000);

    it('believes nobody when the page holds no list, and then whom its reader chooses', async () => {
      await writeOfflinePage(at('bare.html'), null);
      const bare = await openOfflineVerifier(chromium.browser, at('bare.html'));
      expect(await bare.verify(at('records.asice'))).toEqual([['notChecked', 'trust.missing']]);
      await writeFile(at('hikitsugi-trust.json'), JSON.stringify(await bundleOf(folder)));
      await bare.chooseTrust(at('hikitsugi-trust.json'));
      expect((await bare.verify(at('records.asice')))[0]?.[0]).toBe('valid');
      await bare.close();
    });
  });

  /** The list of a moment before, by the right key. */
  async function olderList(): Promise<unknown> {
    const trustDirectory = at('older-trust');
    await mkdir(trustDirectory, { recursive: true });
    await publishTrustList({ ...ours.authorities, trustDirectory }, { now: () => daysFromNow(-1) });
    return JSON.parse(await readFile(join(trustDirectory, 'trust.json'), 'utf8'));
  }
});
