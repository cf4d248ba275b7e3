/** The words of the script come from the page, in the reader's language. */
export type Texts = (name: string, params?: Readonly<Record<string, string>>) => string;

export function readTexts(json: string | undefined): Texts {
  // Sound: components/drop-zone.tsx writes an object of strings there.
  const texts = JSON.parse(json ?? '{}') as Readonly<Record<string, string>>;
  return (name, params = {}) =>
    (texts[name] ?? name).replaceAll(/\{(\w+)\}/g, (_place, key: string) => params[key] ?? '');
}

/** How long it will still take, in words that do not pretend to be exact. */
export function remainingText(texts: Texts, seconds: number): string {
  if (seconds < 60) return texts('seconds', { count: String(Math.max(1, Math.ceil(seconds))) });
  return texts('minutes', { count: String(Math.ceil(seconds / 60)) });
}

export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** step;
  return `${step > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[step] ?? ''}`;
}
