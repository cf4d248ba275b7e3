import { openCertificateFile } from './certificate-file/open.ts';
import { CertificateFileError, type OpenedCertificateFile } from './certificate-file/opened.ts';

/**
 * Log-in by certificate: opens the .p12 here, signs here, and sends the certificates and one signature. The file, its
 * password and the key never leave this page. All texts come from data attributes of the form.
 */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-certificate-login]')) {
  form.querySelector('button')?.removeAttribute('disabled');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run(form);
  });
}

const field = document.querySelector<HTMLInputElement>('input[data-code-from-address]');
const code = codeInAddress();
if (field !== null && code !== null) field.value = code;

async function run(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector('button');
  tell(form, 'working');
  button?.setAttribute('aria-disabled', 'true');
  try {
    await logIn(form);
  } catch (error) {
    tell(form, error instanceof CertificateFileError ? error.reason : 'network');
    button?.removeAttribute('aria-disabled');
  }
}

async function logIn(form: HTMLFormElement): Promise<void> {
  const opened = await openFile(form);
  const purpose = form.dataset['purpose'] ?? 'login';
  const challenge = await post('/api/login/challenges', { purpose });
  if (!challenge.ok) return tell(form, challenge.status === 503 ? 'network' : 'refused');
  const { id, challenge: value } = await read(challenge);
  // Our own origin, not the one the server names: a challenge relayed by another site signs the wrong text.
  const lines = ['electronic-locker/login/v1', location.origin, purpose, id, value];
  const signature = await opened.sign(new TextEncoder().encode(lines.join('\n')));
  const answer = await post(form.dataset['answer'] ?? '/api/login/certificate', {
    challengeId: id,
    certificates: opened.certificates.map(toBase64),
    signature: toBase64(signature),
  });
  if (!answer.ok) {
    form.querySelector('button')?.removeAttribute('aria-disabled');
    tell(form, answer.status === 503 ? 'network' : 'refused');
    return answer.status === 503 ? undefined : explain(form, answer);
  }
  form.reset();
  // A code from a QR stands behind # and goes along.
  location.assign(`${form.dataset['next'] ?? '/'}${codeInAddress() === null ? '' : location.hash}`);
}

/** The linking code of a scanned QR; it never reaches a server before its form is sent. */
function codeInAddress(): string | null {
  return /^#code=([0-9A-Z-]{26,40})$/.exec(location.hash)?.[1] ?? null;
}

async function openFile(form: HTMLFormElement): Promise<OpenedCertificateFile> {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const password = form.querySelector<HTMLInputElement>('input[type=password]')?.value ?? '';
  const file = input?.files?.[0];
  if (file === undefined || file.size > 100_000) throw new CertificateFileError('file');
  const bytes = new Uint8Array(await file.arrayBuffer());
  return openCertificateFile(bytes, password);
}

async function post(address: string, body: unknown): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
    credentials: 'same-origin',
    redirect: 'error',
  });
}

async function read(answer: Response): Promise<{ id: string; challenge: string }> {
  const body: unknown = await answer.json();
  if (typeof body !== 'object' || body === null) throw new TypeError('not an object');
  const { id, challenge }: { id?: unknown; challenge?: unknown } = body;
  if (typeof id !== 'string' || typeof challenge !== 'string') throw new TypeError('not a challenge');
  return { id, challenge };
}

function tell(
  form: HTMLFormElement,
  what: 'working' | 'password' | 'file' | 'unsupported' | 'refused' | 'network',
): void {
  const status = form.querySelector<HTMLElement>('[data-status]');
  if (status === null) return;
  status.textContent = form.dataset[`text${what.charAt(0).toUpperCase()}${what.slice(1)}`] ?? '';
  status.dataset['state'] = what === 'working' ? 'working' : 'error';
  status.hidden = false;
}

/** Refusals of a certificate all look alike; what the person can do something about says so itself. */
async function explain(form: HTMLFormElement, answer: Response): Promise<void> {
  if (answer.status !== 403 && answer.status !== 409) return;
  const problem: unknown = await answer.json();
  const status = form.querySelector<HTMLElement>('[data-status]');
  if (status === null || typeof problem !== 'object' || problem === null) return;
  const { title, detail }: { title?: unknown; detail?: unknown } = problem;
  if (typeof title === 'string' && typeof detail === 'string') status.textContent = `${title} ${detail}`;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
