import { z } from 'zod';
import { examineFile, type FileKind, kindOf } from '../examine.ts';
import type { Report } from '../report.ts';
import { timeText } from '../time-text.ts';
import { verificationText } from '../words.ts';
import { type BrowserTrust, findTrust } from './trust.ts';
import { locale, problemView, reportView } from './view.ts';

/**
 * Verifies files on the page itself: nothing is uploaded. The same script stands in `verify.html`, which works from a disk
 * without any network.
 */

// The policy of the page forbids the code generation that the library would otherwise use.
z.config({ jitless: true });

const maxBytes = 64 * 1024 * 1024;
const maxFiles = 20;

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array | 'too-large' | 'unreadable';
}

const form = document.querySelector<HTMLFormElement>('[data-verify]');
const results = document.querySelector<HTMLElement>('[data-verify-results]');
const news = document.querySelector<HTMLElement>('[data-verify-news]');
if (form !== null) enhance(form);

function enhance(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const pasted = form.querySelector<HTMLTextAreaElement>('textarea');
  const zone = form.querySelector<HTMLElement>('[data-drop]');
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (pasted !== null && pasted.value.trim() !== '') void verifyAll([givenText(pasted.value)]);
    else pasted?.focus();
  });
  input?.addEventListener('change', () => {
    void readAll(input.files).then(verifyAll);
    input.value = '';
  });
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    zone?.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle('drop-over', name.startsWith('dragen') || name === 'dragover');
    });
  }
  zone?.addEventListener('drop', (event) => void readAll(event.dataTransfer?.files ?? null).then(verifyAll));
}

function givenText(text: string): Given {
  return { name: verificationText(locale(), 'page.pasted'), bytes: new TextEncoder().encode(text.trim()) };
}

async function readAll(files: FileList | null): Promise<readonly Given[]> {
  return Promise.all(
    Array.from(files ?? [], async (file) => {
      if (file.size > maxBytes) return { name: file.name, bytes: 'too-large' as const };
      const content = await file.arrayBuffer().catch(() => null);
      return { name: file.name, bytes: content === null ? ('unreadable' as const) : new Uint8Array(content) };
    }),
  );
}

async function verifyAll(all: readonly Given[]): Promise<void> {
  if (all.length === 0) return;
  tell(verificationText(locale(), 'page.working'));
  const trust = await findTrust();
  const proof = all.map(proofIn).find((text) => text !== null) ?? null;
  const files = all.filter((given) => proofIn(given) === null || all.length === 1);
  const shown: HTMLElement[] = [];
  for (const file of files.slice(0, maxFiles)) shown.push(await outcomeOf(file, { trust, proof }));
  if (files.length > maxFiles) shown.push(problemView('page.too-many', { limit: maxFiles }));
  results?.replaceChildren(...shown);
  results?.focus();
  tell([verificationText(locale(), 'page.done', { count: Math.min(files.length, maxFiles) }), basis(trust)].join(' '));
}

interface Basis {
  readonly trust: BrowserTrust | 'missing' | 'refused';
  readonly proof: string | null;
}

async function outcomeOf({ name, bytes }: Given, basis: Basis): Promise<HTMLElement> {
  if (bytes === 'too-large') return problemView('page.too-large', { limit: '64 MB' }, name);
  if (bytes === 'unreadable') return problemView('page.unreadable', {}, name);
  const kind = kindOf(bytes);
  if (kind === null) return problemView('page.unknown', {}, name);
  const report = await examine(kind, bytes, basis);
  return report === 'no-trust'
    ? problemView(basis.trust === 'refused' ? 'page.trust-refused' : 'page.trust-missing', {}, name)
    : report === 'broken'
      ? problemView('page.broken', {}, name)
      : reportView(report, name);
}

/** Whatever a file makes the code do, the answer is never "valid" by accident. */
async function examine(
  kind: FileKind,
  bytes: Uint8Array,
  { trust, proof }: Basis,
): Promise<Report | 'no-trust' | 'broken'> {
  if (typeof trust === 'string') return 'no-trust';
  try {
    return await examineFile({ kind, bytes, proof, trust: async () => trust });
  } catch {
    return 'broken';
  }
}

/** C2SP tlog-proof: the text that goes with a receipt chosen at the same time. */
function proofIn({ bytes }: Given): string | null {
  if (typeof bytes === 'string' || bytes.length > 65_536) return null;
  const text = new TextDecoder().decode(bytes);
  return text.startsWith('c2sp.org/tlog-proof@v1\n') ? text : null;
}

function basis(trust: Basis['trust']): string {
  if (typeof trust === 'string') return '';
  return verificationText(locale(), 'page.checked', { at: timeText(trust.at), listed: timeText(trust.listedAt) });
}

function tell(text: string): void {
  if (news !== null) news.textContent = text;
}
