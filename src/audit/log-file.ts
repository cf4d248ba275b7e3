import { fromBase64, toBase64 } from './bytes.ts';
import type { LogFile } from './export-log.ts';
import type { LogReader } from './verify-log.ts';

// One file instead of a folder: a line that names the format, then one JSON object per file of the log.
export const logFileBegin = '{"format":"hikitsugi-log@v1"}';

export async function* packLog(files: AsyncIterable<LogFile>): AsyncIterable<string> {
  yield `${logFileBegin}\n`;
  for await (const { path, bytes } of files) yield `${JSON.stringify({ path, base64: toBase64(bytes) })}\n`;
}

/** A reader over the text of such a file; null when it is not one. */
export function openPackedLog(text: string): LogReader | null {
  const [first, ...lines] = text.split('\n');
  if (first !== logFileBegin) return null;
  const files = new Map<string, Uint8Array>();
  for (const line of lines.filter((line) => line !== '')) {
    const file = parseLine(line);
    if (file === null || files.has(file.path)) return null;
    files.set(file.path, file.bytes);
  }
  return async (path) => files.get(path) ?? null;
}

function parseLine(line: string): LogFile | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('path' in value) || !('base64' in value)) return null;
    if (typeof value.path !== 'string' || typeof value.base64 !== 'string') return null;
    const bytes = fromBase64(value.base64);
    return bytes === null ? null : { path: value.path, bytes };
  } catch {
    return null;
  }
}
