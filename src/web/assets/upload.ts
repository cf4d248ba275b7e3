import { UploadItem } from './upload/item.ts';
import { sendFile, type Target } from './upload/send.ts';
import { readTexts, type Texts } from './upload/texts.ts';

/**
 * Makes an upload form (components/drop-zone.tsx) send its files one by one with progress. Without this script the
 * same form sends them all at once as multipart/form-data.
 */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-upload]')) enhance(form);

interface Upload {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly texts: Texts;
  readonly maxBytes: number;
  readonly items: Set<UploadItem>;
}

function enhance(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const zone = form.querySelector<HTMLElement>('[data-drop]');
  if (input === null || zone === null) return;
  const upload: Upload = {
    form,
    input,
    texts: readTexts(form.dataset['uploadTexts']),
    maxBytes: Number(form.dataset['uploadMax']),
    items: new Set(),
  };
  form.classList.add('upload-ready');
  // The list counts, not the control, which is emptied after each choice.
  input.required = false;
  input.addEventListener('change', () => {
    take(upload, input.files);
    input.value = '';
  });
  acceptDrops(upload, zone);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (upload.items.size === 0) return input.focus();
    void sendAll(upload);
  });
}

function acceptDrops(upload: Upload, zone: HTMLElement): void {
  for (const name of ['dragenter', 'dragover']) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add('drop-over');
    });
  }
  zone.addEventListener('dragleave', (event) => {
    if (event.relatedTarget instanceof Node && zone.contains(event.relatedTarget)) return;
    zone.classList.remove('drop-over');
  });
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('drop-over');
    take(upload, event.dataTransfer?.files ?? null);
  });
}

function take(upload: Upload, files: FileList | null): void {
  const list = upload.form.querySelector<HTMLElement>('[data-upload-list]');
  if (list === null) return;
  for (const file of files ?? []) {
    const item: UploadItem = new UploadItem(file, upload.texts, {
      remove: () => {
        upload.items.delete(item);
        list.hidden = upload.items.size === 0;
      },
      retry: () => void sendAll(upload),
    });
    if (file.size > upload.maxBytes) item.refuse(upload.texts('too-large'));
    upload.items.add(item);
    list.append(item.element);
  }
  list.hidden = upload.items.size === 0;
}

/** One after the other: a slow line gets each file through sooner that way, and the remaining time is true. */
async function sendAll(upload: Upload): Promise<void> {
  const { form, items, texts } = upload;
  if (form.dataset['sending'] !== undefined || !form.reportValidity()) return;
  form.dataset['sending'] = '';
  const button = form.querySelector('[data-upload-send]');
  button?.setAttribute('aria-disabled', 'true');
  const target: Target = { createUrl: form.dataset['upload'] ?? '', fields: fieldsOf(form), texts };
  for (const item of items) {
    if (item.state === 'waiting') await sendFile(item, target);
  }
  delete form.dataset['sending'];
  button?.removeAttribute('aria-disabled');
  const done = [...items].every((item) => item.state === 'done');
  tell(form, texts(done ? 'all-done' : 'some-failed'));
  if (done) location.assign(form.dataset['uploadDone'] ?? location.href);
}

/** The fields that hold for every file: kind, form. */
function fieldsOf(form: HTMLFormElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '') fields[name] = value;
  }
  return fields;
}

function tell(form: HTMLFormElement, text: string): void {
  const news = form.querySelector('[data-upload-news]');
  if (news !== null) news.textContent = text;
}
