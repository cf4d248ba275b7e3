import type { UploadItem } from './item.ts';
import { remainingText, type Texts } from './texts.ts';

export interface Target {
  /** POST here announces a document; its bytes go to `<createUrl>/<id>/content`. */
  readonly createUrl: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly texts: Texts;
}

// WebCrypto digests only what is whole in memory; a larger file is checked by the server alone.
const largestDigestBytes = 64 * 1024 * 1024;

/** Announces the file, sends it, and leaves what happened in its line; never throws. */
export async function sendFile(item: UploadItem, target: Target): Promise<void> {
  const { signal } = item.cancelled;
  try {
    item.progress(0, target.texts('hashing'));
    const digest = await digestHeader(item.file);
    const url = await announce(item.file, target);
    const answer = await put({ url, item, digest, texts: target.texts });
    if (answer.ok) return item.done();
    await forget(url);
    if (answer.retry) item.fail(answer.text);
    else item.refuse(answer.text);
  } catch (error) {
    if (!signal.aborted) item.fail(error instanceof RefusedError ? error.message : target.texts('lost'));
  }
}

/** The server said no; the message is its own, made for people. */
class RefusedError extends Error {}

interface Answer {
  readonly ok: boolean;
  readonly retry: boolean;
  readonly text: string;
}

async function announce(file: File, { createUrl, fields, texts }: Target): Promise<string> {
  const response = await fetch(createUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang },
    body: JSON.stringify({ title: titleOf(file), ...fields, mediaType: mediaTypeOf(file) }),
  });
  const text = await response.text();
  if (!response.ok) throw new RefusedError(problemText(text, texts));
  // Sound: an announced document has an id (components/drop-zone.tsx).
  const { id } = JSON.parse(text) as { id: string };
  return `${createUrl}/${encodeURIComponent(id)}/content`;
}

interface Put {
  readonly url: string;
  readonly item: UploadItem;
  readonly digest: string | null;
  readonly texts: Texts;
}

/** XMLHttpRequest, because fetch cannot tell how much of a body has gone. */
function put({ url, item, digest, texts }: Put): Promise<Answer> {
  const request = new XMLHttpRequest();
  request.upload.addEventListener('progress', progressTeller(item, texts));
  request.open('PUT', url);
  request.setRequestHeader('Content-Type', mediaTypeOf(item.file));
  request.setRequestHeader('Accept-Language', document.documentElement.lang);
  if (digest !== null) request.setRequestHeader('Repr-Digest', digest);
  return new Promise((resolve, reject) => {
    request.addEventListener('load', () => resolve(answerOf(request, texts)));
    request.addEventListener('error', () => reject(new Error('connection lost')));
    request.addEventListener('abort', () => {
      void forget(url);
      reject(new Error('cancelled'));
    });
    item.cancelled.signal.addEventListener('abort', () => request.abort());
    request.send(item.file);
  });
}

function progressTeller(item: UploadItem, texts: Texts): (event: ProgressEvent) => void {
  const startedAt = performance.now();
  return ({ loaded, total }) => {
    const percent = Math.floor((loaded / Math.max(total, 1)) * 100);
    const seconds = ((performance.now() - startedAt) / 1000) * (total / Math.max(loaded, 1) - 1);
    const sending = texts('sending', { percent: String(percent), remaining: remainingText(texts, seconds) });
    item.progress(percent, loaded < total ? sending : texts('checking'));
  };
}

function answerOf(request: XMLHttpRequest, texts: Texts): Answer {
  const ok = request.status >= 200 && request.status < 300;
  const retry = request.status >= 500 || request.status === 408 || request.status === 429;
  return { ok, retry, text: ok ? '' : problemText(request.responseText, texts) };
}

/** A document that got no content is taken back; when that fails too, the server's collector does it. */
async function forget(contentUrl: string): Promise<void> {
  await fetch(contentUrl.replace(/\/content$/, ''), { method: 'DELETE' }).catch(() => undefined);
}

// RFC 9530 §3
async function digestHeader(file: File): Promise<string | null> {
  if (file.size > largestDigestBytes) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
}

function problemText(body: string, texts: Texts): string {
  try {
    // Sound: every refusal is problem+json (RFC 9457); anything else ends in the catch or in the fallback.
    const { title, detail } = JSON.parse(body) as { title?: string; detail?: string };
    return [title, detail].filter(Boolean).join(' ') || texts('lost');
  } catch {
    return texts('lost');
  }
}

function titleOf(file: File): string {
  return file.name.replace(/\.[^.]{1,5}$/, '').slice(0, 120);
}

/** Browsers name types by the operating system's table, which old laptops may lack. */
function mediaTypeOf(file: File): string {
  const ending = /\.([^.]+)$/.exec(file.name.toLowerCase())?.[1] ?? '';
  const known: Readonly<Record<string, string>> = {
    pdf: 'application/pdf',
    json: 'application/json',
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
  };
  return known[ending] ?? (file.type || 'application/octet-stream');
}
