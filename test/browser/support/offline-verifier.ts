import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { offlinePage } from '../../../src/verification/offline-page.ts';
import type { PublishedBundle } from '../../../src/verification/trust-bundle.ts';

/** `verify.html` as the build made it, opened from a disk. */
export interface OfflineVerifier {
  readonly page: Page;
  /** Everything that the page asked the network for, and what it complained about. */
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
  /** Chooses files and waits for the results: one list of codes per file, outcome first. */
  verify(...paths: readonly string[]): Promise<readonly (readonly string[])[]>;
  chooseTrust(...paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function bundleOf(folder: string): Promise<PublishedBundle> {
  const names = (await readdir(join(folder, 'crl'))).filter((name) => name.endsWith('.crl'));
  const crls = await Promise.all(names.map((name) => readFile(join(folder, 'crl', name), 'base64')));
  return {
    list: JSON.parse(await readFile(join(folder, 'trust', 'trust.json'), 'utf8')),
    pin: await readFile(join(folder, 'trust', 'gateway-evidence.pem'), 'utf8'),
    crls,
  };
}

/** @param bundle - null for the page as the build leaves it, with nobody to believe inside */
export async function writeOfflinePage(path: string, bundle: PublishedBundle | null): Promise<void> {
  const built = await readFile('dist/assets/verify.html', 'utf8');
  await writeFile(path, bundle === null ? built : offlinePage(built, bundle));
}

export async function openOfflineVerifier(
  browser: Browser,
  path: string,
  options: { readonly at?: Date; readonly locale?: string } = {},
): Promise<OfflineVerifier> {
  const context = await browser.newContext({
    locale: options.locale ?? 'ja-JP',
    offline: true,
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => void requests.push(request.url()));
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  if (options.at !== undefined) await page.clock.setFixedTime(options.at);
  await page.goto(pathToFileURL(path).href);
  return {
    page,
    requests,
    complaints,
    async verify(...paths) {
      await page.evaluate(`document.querySelector('[data-verify-results]').replaceChildren()`);
      await page.locator('[data-verify-files]').setInputFiles([...paths]);
      await page.locator('[data-verify-results] > section').first().waitFor({ timeout: 60_000 });
      return codesOn(page);
    },
    async chooseTrust(...paths) {
      await page.evaluate(`document.querySelector('[data-verify-news]').replaceChildren()`);
      await page.locator('[data-verify-trust]').setInputFiles([...paths]);
      await page.locator('[data-verify-news]:not(:empty)').waitFor();
    },
    close: () => context.close(),
  };
}

/** The stable codes on a page of results, one list per file, each with its reasons as it shows them. */
export function codesOn(page: Page): Promise<readonly (readonly string[])[]> {
  return page.evaluate<readonly (readonly string[])[]>(
    `[...document.querySelectorAll('[data-verify-results] > section')].map((section) => [
      section.dataset.outcome, ...[...section.querySelectorAll('.verdict-code')].map((code) => code.textContent)])`,
  );
}
