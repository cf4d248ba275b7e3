import type { Locale } from './locale.ts';

const zone = 'Asia/Tokyo';
const tags: Record<Locale, string> = { ja: 'ja-JP', en: 'en-GB' };

/** An instant as a reader in Japan sees it: `2027年3月25日 14:05`, `25 March 2027, 14:05`. */
export function formatDateTime(locale: Locale, at: Date): string {
  const separator = locale === 'ja' ? ' ' : ', ';
  return `${formatDate(locale, at)}${separator}${formatTime(locale, at)}`;
}

/** The day of an instant in Japan: `2027年3月25日`. */
export function formatDate(locale: Locale, at: Date): string {
  return dayFormat(locale, zone).format(at);
}

function formatTime(locale: Locale, at: Date): string {
  return new Intl.DateTimeFormat(tags[locale], {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** A calendar day (`2027-03-25`), which has no time zone. Text that is no day is shown as it is. */
export function formatDay(locale: Locale, day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : dayFormat(locale, 'UTC').format(at);
}

/** A calendar month, given as a day in it (`2027-03-01`): `2027年3月`, `March 2027`; `3月`, `Mar` on an axis. */
export function formatMonth(locale: Locale, month: string, length: 'long' | 'axis' = 'long'): string {
  const parts = length === 'long' ? ({ year: 'numeric', month: 'long' } as const) : ({ month: 'short' } as const);
  return new Intl.DateTimeFormat(tags[locale], { timeZone: 'UTC', ...parts }).format(new Date(`${month}T00:00:00Z`));
}

/** A calendar day in the Japanese calendar, as printed forms want it: `令和9年3月25日`. */
export function formatEraDay(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
    timeZone: 'UTC',
    era: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  }).format(at);
}

export function formatNumber(locale: Locale, value: number): string {
  return new Intl.NumberFormat(tags[locale]).format(value);
}

/** A size that people compare with what their file manager shows: 1 KB = 1,024 bytes. */
export function formatBytes(locale: Locale, bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** step;
  const digits = step > 0 && value < 10 ? 1 : 0;
  const text = new Intl.NumberFormat(tags[locale], { maximumFractionDigits: digits }).format(value);
  return `${text} ${units[step] ?? ''}`;
}

function dayFormat(locale: Locale, timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(tags[locale], { timeZone, year: 'numeric', month: 'long', day: 'numeric' });
}
