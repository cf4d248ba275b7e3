import type { Child } from 'hono/jsx';
import { formatBytes } from '../format.ts';
import type { Locale } from '../locale.ts';
import { en } from '../locales/en.ts';
import type { MessageKey } from '../locales/ja.ts';
import { ja } from '../locales/ja.ts';
import { t } from '../text.ts';
import { Icon } from './icon.tsx';

interface DropZoneProps {
  readonly locale: Locale;
  /** Where the form goes without script: `multipart/form-data`, fields of `children` and the files as `file`. */
  readonly action: string;
  /**
   * With script: a POST of the other fields as JSON, with `mediaType` and `title` of the file, makes the document; its
   * answer says by `contentUrl` or `Location` where the bytes are PUT.
   */
  readonly createUrl: string;
  /** Where to go when all files have arrived. */
  readonly doneUrl: string;
  readonly maxBytes: number;
  /** Media types and endings, for the file dialog. */
  readonly accept: string;
  /** The same in words: PDF、PNG、JPEG. */
  readonly types: string;
  readonly label: Child;
  /** Fields that hold for every file chosen: kind, form. */
  readonly children?: Child;
  readonly hidden?: Readonly<Record<string, string>>;
}

/** Several files at once, by dragging or by dialog, with progress; without script an ordinary form. */
export function DropZone(props: DropZoneProps) {
  const { locale, action, createUrl, doneUrl, maxBytes, accept, types, label, children, hidden } = props;
  return (
    <form
      class="form upload"
      action={action}
      method="post"
      enctype="multipart/form-data"
      data-upload={createUrl}
      data-upload-done={doneUrl}
      data-upload-max={maxBytes}
      data-upload-texts={textsFor(locale, maxBytes)}
      data-busy={t(locale, 'component.busy')}
    >
      {Object.entries(hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
      <div class="drop" data-drop>
        <Icon name="upload" />
        <p class="drop-text">{t(locale, 'upload.drop')}</p>
        <label class="label" for="upload-file">
          {label}
        </label>
        <input
          class="input input-file"
          id="upload-file"
          type="file"
          name="file"
          accept={accept}
          multiple
          required
          aria-describedby="upload-limit"
        />
        <p class="hint" id="upload-limit">
          {t(locale, 'upload.limit', { limit: formatBytes(locale, maxBytes), types })}
        </p>
      </div>
      <ul class="upload-list" data-upload-list aria-label={t(locale, 'upload.files')} hidden></ul>
      <p class="upload-news" role="status" data-upload-news></p>
      <div class="actions">
        <button type="submit" class="button button-primary" data-upload-send>
          <Icon name="upload" />
          <span>{t(locale, 'upload.send')}</span>
        </button>
      </div>
    </form>
  );
}

/** The script's words, so that the script itself holds none. */
function textsFor(locale: Locale, maxBytes: number): string {
  const texts: Readonly<Record<MessageKey, string>> = locale === 'ja' ? ja : en;
  const own = Object.entries(texts).filter(([key]) => key.startsWith('upload.'));
  const byName = own.map(([key, text]) => [
    key.slice('upload.'.length),
    key === 'upload.too-large' ? text.replace('{limit}', formatBytes(locale, maxBytes)) : text,
  ]);
  return JSON.stringify(Object.fromEntries(byName));
}
