import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cutFirstSignature } from './cut-signature.ts';

/** A program of others that looks at signed PDFs. */
interface PdfTool {
  readonly name: string;
  /** What it says when all is well. */
  readonly ja: string;
  readonly en: string;
  /** Whether it looks at the signature at all. */
  readonly seesForgery: boolean;
  isHere(): boolean;
  ask(folder: string, name: string): Promise<{ readonly isGood: boolean; readonly output: string }>;
}

/** Of Debian: openssl, poppler-utils, mupdf-tools, qpdf. */
export const pdfTools: readonly PdfTool[] = [
  {
    name: 'openssl',
    ja: '学校の署名として正しい',
    en: 'bears the school’s signature',
    seesForgery: true,
    isHere: () => isHere('openssl', 'version'),
    ask: askOpenssl,
  },
  {
    name: 'pdfsig',
    ja: '署名として正しい',
    en: 'is signed rightly',
    seesForgery: true,
    isHere: () => isHere('pdfsig', '-v'),
    // The trust of its own store is another question (docs/verify-by-hand.md).
    ask: async (folder, name) => said(folder, ['pdfsig', '-no-ocsp', name], 'Signature is Valid.'),
  },
  {
    name: 'mutool',
    ja: '署名として正しい（後から足した検証情報も「変更」と呼ばれます）',
    en: 'is signed rightly (validation data that came later are “edits” to it)',
    seesForgery: true,
    isHere: () => isHere('mutool', '-v'),
    ask: async (folder, name) => said(folder, ['mutool', 'sign', '-v', name], 'The signature is valid'),
  },
  {
    name: 'qpdf',
    ja: '壊れていない',
    en: 'is a whole PDF',
    seesForgery: false,
    isHere: () => isHere('qpdf', '--version'),
    ask: async (folder, name) => said(folder, ['qpdf', '--check', name], 'No syntax or stream encoding errors found'),
  },
];

function isHere(name: string, asks: string): boolean {
  return spawnSync(name, [asks], { stdio: 'ignore' }).error === undefined;
}

function said(cwd: string, [name = '', ...words]: readonly string[], good: string) {
  const run = spawnSync(name, words, { cwd, encoding: 'utf8', timeout: 60_000 });
  const output = `$ ${name} ${words.join(' ')}\n${run.stdout}${run.stderr}`.trimEnd();
  return { isGood: output.includes(good), output };
}

async function askOpenssl(folder: string, name: string) {
  const { value, signed } = cutFirstSignature(new Uint8Array(await readFile(join(folder, name))));
  const place = await mkdtemp(join(tmpdir(), 'hikitsugi-demo-'));
  try {
    await writeFile(join(place, 'signature.p7s'), value);
    await writeFile(join(place, 'signed.bytes'), signed);
    const parameters = 'cms -verify -cades -inform DER -in signature.p7s -content signed.bytes -binary -purpose any';
    const root = ['-CAfile', resolve(folder, 'trust', 'school-seal-ca.pem'), '-out', '/dev/null'];
    return said(place, ['openssl', ...parameters.split(' '), ...root], 'CAdES Verification successful');
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
