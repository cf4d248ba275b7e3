import { assetPath } from '../assets.ts';
import { formatBytes } from '../format.ts';
import type { Locale } from '../locale.ts';
import { en } from '../locales/en.ts';
import type { MessageKey } from '../locales/ja.ts';
import { ja } from '../locales/ja.ts';
import { previewFramePath } from '../preview-frame.tsx';
import { t } from '../text.ts';
import { Icon, type IconName } from './icon.tsx';
import { Banner } from './status.tsx';

interface PdfPreviewProps {
  readonly locale: Locale;
  readonly title: string;
  /** Where the bytes are; each look at them is a line of the ledger. */
  readonly address: string;
  readonly bytes: number | null;
  /** A larger one is not even read: it is held whole in memory, several times over. */
  readonly maxBytes: number;
}

/** A PDF drawn page by page in a frame without origin (assets/preview.ts); without script, the advice to save it. */
export function PdfPreview({ locale, title, address, bytes, maxBytes }: PdfPreviewProps) {
  return (
    <div
      class="pdf"
      data-pdf={address}
      data-bytes={bytes ?? 0}
      data-max-bytes={maxBytes}
      data-worker={assetPath('preview-worker.js')}
      data-texts={textsFor(locale, maxBytes)}
    >
      <div data-pdf-part="fallback">
        <Banner locale={locale} tone="info" title={<span data-pdf-part="reason">{t(locale, 'pdf.no-script')}</span>} />
      </div>
      <p class="hint" role="status" data-pdf-part="loading" hidden></p>
      <div class="pdf-bar" role="group" aria-label={t(locale, 'pdf.controls')} data-pdf-part="bar" hidden>
        <BarButton name="previous" icon="previous" label={t(locale, 'pdf.previous')} />
        <span class="pdf-state" role="status" data-pdf-part="state"></span>
        <BarButton name="next" icon="next" label={t(locale, 'pdf.next')} />
        <span class="pdf-zoom">
          <BarButton name="smaller" icon="minus" label={t(locale, 'pdf.smaller')} />
          <span class="pdf-percent" data-pdf-part="percent"></span>
          <BarButton name="bigger" icon="plus" label={t(locale, 'pdf.bigger')} />
        </span>
      </div>
      <div data-pdf-part="incomplete" hidden>
        <Banner locale={locale} tone="warning" title={t(locale, 'pdf.incomplete')} />
      </div>
      <div
        class="pdf-place"
        data-pdf-part="place"
        data-frame={previewFramePath}
        data-title={t(locale, 'pdf.frame', { name: title })}
      ></div>
    </div>
  );
}

interface BarButtonProps {
  readonly name: string;
  readonly icon: IconName;
  readonly label: string;
}

function BarButton({ name, icon, label }: BarButtonProps) {
  return (
    <button type="button" class="button button-secondary button-small" data-pdf-part={name}>
      <Icon name={icon} />
      <span class="pdf-label">{label}</span>
    </button>
  );
}

/** The script's words, so that the script itself holds none. */
function textsFor(locale: Locale, maxBytes: number): string {
  const texts: Readonly<Record<MessageKey, string>> = locale === 'ja' ? ja : en;
  const own = Object.entries(texts).filter(([key]) => key.startsWith('pdf.'));
  const limit = formatBytes(locale, maxBytes);
  return JSON.stringify(Object.fromEntries(own.map(([key, text]) => [key.slice(4), text.replace('{limit}', limit)])));
}
