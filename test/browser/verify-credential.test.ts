import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hikitsugi } from '../cli/support/command-line.ts';
import { makeCredentialFolder, nonce } from '../cli/support/credential-folder.ts';
import { audience } from '../crypto/support/credentials.ts';
import { describeViolations, openBrowser, overflowPixels, type TestBrowser } from '../support/browser.ts';
import { bundleOf, type OfflineVerifier, openOfflineVerifier, writeOfflinePage } from './support/offline-verifier.ts';

describe('a credential on the page and by the command', () => {
  let folder: string;
  let chromium: TestBrowser;
  let verifier: OfflineVerifier;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    [folder, chromium] = await Promise.all([makeCredentialFolder(), openBrowser()]);
    await writeOfflinePage(at('verify.html'), await bundleOf(folder));
    verifier = await openOfflineVerifier(chromium.browser, at('verify.html'));
  }, 120_000);
  afterAll(async () => {
    await chromium?.close();
    await rm(folder, { recursive: true });
  });

  /** Outcome and codes of one credential by the command, as the page shows them. */
  async function byCommand(name: string, ...more: readonly string[]): Promise<readonly string[]> {
    const args = ['verify', at(name), '--trust', at('trust'), '--crl', at('crl'), '--json', ...more];
    // Sound: --json gives reports; what is missing in one fails the assertion that follows.
    const { reports } = JSON.parse((await hikitsugi(args)).out) as {
      readonly reports: readonly {
        readonly outcome: string;
        readonly verdicts: readonly { readonly code: string; readonly word: string; readonly reasons: string[] }[];
      }[];
    };
    return reports.flatMap(({ outcome, verdicts }) => [
      outcome,
      ...verdicts.map(({ code, word, reasons }) => [code, ...(word === 'valid' ? [] : reasons)].join(' ')),
    ]);
  }

  it.each([
    ['good.sd-jwt', 'list.jwt', 'valid'],
    ['good.sd-jwt', null, 'notChecked'],
    ['good.sd-jwt', 'revoking.jwt', 'invalid'],
    ['good.sd-jwt', 'foreign.jwt', 'notChecked'],
    ['good.sd-jwt', 'bomb.jwt', 'notChecked'],
    ['bound.sd-jwt', 'list.jwt', 'notChecked'],
    ['shown.sd-jwt', 'list.jwt', 'notChecked'],
    ['foreign.sd-jwt', 'list.jwt', 'invalid'],
    ['expired.sd-jwt', 'list.jwt', 'invalid'],
    ['added.sd-jwt', 'list.jwt', 'invalid'],
    ['repeated.sd-jwt', 'list.jwt', 'invalid'],
    ['padded.sd-jwt', 'list.jwt', 'invalid'],
    ['none.sd-jwt', 'list.jwt', 'invalid'],
    ['changed.sd-jwt', 'list.jwt', 'invalid'],
    ['exported.hikitsugi-log', null, 'valid'],
  ] as const)('says the same of %s with %s: %s', async (name, list, outcome) => {
    const files = list === null ? [at(name)] : [at(name), at(list)];
    const shown = await verifier.verify(...files);
    expect(shown).toEqual([await byCommand(name, ...(list === null ? [] : ['--status-list', at(list)]))]);
    expect(shown[0]?.[0]).toBe(outcome);
  });

  it('is proved by its holder to whoever asked with a number, by the command', async () => {
    const asked = ['--status-list', at('list.jwt'), '--audience', audience];
    expect(await byCommand('shown.sd-jwt', ...asked, '--nonce', nonce)).toContain('holder.valid');
    expect(await byCommand('shown.sd-jwt', ...asked, '--nonce', 'another')).toContain(
      'holder.invalid holder-nonce-mismatch',
    );
    expect(await byCommand('bound.sd-jwt', ...asked, '--nonce', nonce)).toContain('holder.invalid holder-missing');
    expect((await hikitsugi(['verify', at('bound.sd-jwt'), '--trust', at('trust'), '--nonce', nonce])).exit).toBe(2);
  });

  it('is read when it is pasted, and shows what it says, without a fault of access', async () => {
    const { page } = verifier;
    await verifier.verify(at('good.sd-jwt'), at('list.jwt'));
    await page.locator('summary', { hasText: '書かれていること' }).click();
    expect(await page.locator('dd').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('family_name: 𠮷田')]),
    );
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const pictures = process.env['BROWSER_PICTURES'];
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `credential-${width}.png`), fullPage: true });
      expect(await describeViolations(page)).toBe('');
      expect(await overflowPixels(page)).toBe(0);
    }
    expect(verifier.complaints).toEqual([]);
    // The page itself; its worker comes out of it.
    expect(verifier.requests.filter((url) => !url.startsWith('blob:'))).toHaveLength(1);
  });
});
