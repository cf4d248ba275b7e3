import { ok, type Result, refuse } from '../result.ts';

/** How the bytes of a CSV are written; `auto` looks at them. Excel in Japan writes cp932 unless told otherwise. */
export const csvCharsets = ['auto', 'utf-8', 'cp932'] as const;
export type CsvCharset = (typeof csvCharsets)[number];

export type CsvFault = 'charset' | 'quotes';

/** The charset of a Content-Type, by any of the names that cp932 goes by. */
export function charsetOf(contentType: string | undefined): CsvCharset {
  const name = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? '';
  if (name === 'utf-8' || name === 'utf8') return 'utf-8';
  return ['cp932', 'ms932', 'shift_jis', 'sjis', 'windows-31j', 'x-sjis'].includes(name) ? 'cp932' : 'auto';
}

/** Text out of bytes. Valid UTF-8 with kana or kanji in it is never valid cp932 by chance of any length that matters. */
export function decodeCsv(bytes: Uint8Array, charset: CsvCharset): Result<string, CsvFault> {
  // The decoder of the web platform is cp932 under the name of Shift_JIS (Encoding Standard §12.3).
  const names = { auto: ['utf-8', 'shift_jis'], 'utf-8': ['utf-8'], cp932: ['shift_jis'] }[charset];
  for (const name of names) {
    try {
      return ok(new TextDecoder(name, { fatal: true }).decode(bytes));
    } catch {
      // Not this one.
    }
  }
  return refuse('charset');
}

/** Records of fields, quoted or not (RFC 4180), with the number of the line each begins in. Empty lines are none. */
export function parseCsv(
  text: string,
): Result<readonly { readonly line: number; readonly fields: string[] }[], CsvFault> {
  const records: { line: number; fields: string[] }[] = [];
  // A field in quotes, or one without; then what ends it.
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let [line, begun] = [1, 1];
  let fields: string[] = [];
  while (field.lastIndex < text.length || fields.length > 0) {
    const found = field.exec(text);
    if (found === null) return refuse('quotes');
    const [whole, quoted, plain = '', end] = found;
    fields.push(withoutGuard(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"')));
    line += whole.split(/\r\n|\n|\r/).length - 1;
    if (end === ',') continue;
    if (fields.some((one) => one !== '')) records.push({ line: begun, fields });
    [fields, begun] = [[], line];
    if (end === '') break;
  }
  return ok(records);
}

/** Every field in quotes, none that a spreadsheet would take for a formula, a byte order mark for Excel. */
export function writeCsv(records: readonly (readonly string[])[]): string {
  const lines = records.map((fields) => fields.map((one) => `"${withGuard(one).replaceAll('"', '""')}"`).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** OWASP “CSV injection”: an apostrophe before what begins like a formula. */
function withGuard(field: string): string {
  return /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
}

function withoutGuard(field: string): string {
  return /^'[=+\-@\t\r]/.test(field) ? field.slice(1) : field;
}
