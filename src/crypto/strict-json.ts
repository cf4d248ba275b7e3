import { ok, type Result, refuse } from '../result.ts';

export type JsonReason = 'json-malformed' | 'json-too-deep' | 'json-name-repeated';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * One JSON value in UTF-8 without BOM (RFC 8259 §8.1), no name twice in an object (RFC 7493 §2.3), nested at most `maxDepth` deep.
 * Two readers that choose differently between two equal names would see two documents under one signature.
 */
export function parseStrictJson(bytes: Uint8Array, maxDepth: number): Result<JsonValue, JsonReason> {
  const text = decodeUtf8(bytes);
  if (text === null) return refuse('json-malformed');
  // Before parsing, so that nothing recursive ever sees a deep text.
  if (jsonDepth(text) > maxDepth) return refuse('json-too-deep');
  try {
    // Sound: JSON.parse makes nothing but JSON values.
    const value = JSON.parse(text) as JsonValue;
    return text.includes('{') && repeatsName(text) ? refuse('json-name-repeated') : ok(value);
  } catch {
    return refuse('json-malformed');
  }
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// One for all: decoding whole texts, it keeps nothing from one to the next (Encoding Standard, `decode` without `stream`).
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null when the bytes are not UTF-8, or begin with a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    const text = strictUtf8.decode(bytes);
    return text.startsWith('\uFEFF') ? null : text;
  } catch {
    return null;
  }
}

/** How deep objects and lists are nested; for text that need not be JSON yet. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  scan(text, (character) => {
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  });
  return deepest;
}

/** In text that is known to be JSON: a string is a name when a colon follows. */
export function repeatsName(text: string): boolean {
  const open: Set<string>[] = [];
  let last = '';
  let repeated = false;
  scan(text, (character, span) => {
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') last = text.slice(span.start, span.end);
    else if (character === ':') {
      const name = last.includes('\\') ? String(JSON.parse(last)) : last.slice(1, -1);
      const names = open.at(-1);
      repeated ||= names?.has(name) === true;
      names?.add(name);
    }
  });
  return repeated;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Strings and structural characters, one after the other; by hand, since a pattern would be slow on hostile strings. */
function scan(text: string, visit: (character: string, span: Span) => void): void {
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    const start = at;
    if (character === '"') at = endOfString(text, at);
    else if (!'{}[]:,'.includes(character)) continue;
    visit(character, { start, end: at + 1 });
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
