import type { z } from 'zod';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { recordCoreSchema } from './core.ts';
import type { DocumentKind } from './kinds.ts';

export const maxJsonBytes = 16 * 1024 * 1024;
const maxDepth = 64;

/**
 * One JSON value in UTF-8 without BOM (RFC 8259 §8.1), no name twice in an object (RFC 7493 §2.3), depth at most 64; the
 * core of a 指導要録 has to be one. Faults: document.encoding, document.not-what-it-says, document.damaged,
 * document.too-complex, document.core-invalid.
 */
export function inspectJson(bytes: Uint8Array, kind: DocumentKind): Result<readonly []> {
  const text = decode(bytes);
  if (text === null) return refuse(fault('document.encoding'));
  if (!/^\s*[[{"\-\dtfn]/.test(text)) {
    return refuse(fault('document.not-what-it-says', { params: { type: 'application/json' } }));
  }
  if (depthOf(text) > maxDepth) return refuse(fault('document.too-complex', { detail: 'json:depth' }));
  const value = parse(text);
  if (value === undefined) return refuse(fault('document.damaged', { detail: 'json:syntax' }));
  if (repeatsName(text)) return refuse(fault('document.damaged', { detail: 'json:duplicate-name' }));
  if (kind !== 'cumulativeRecordCore') return ok([]);
  const core = recordCoreSchema.safeParse(value);
  if (core.success) return ok([]);
  const [issue] = core.error.issues;
  return refuse(fault('document.core-invalid', { params: { where: placeOf(issue) }, detail: issue?.code ?? 'core' }));
}

/** The way to the member that is wrong, never its value, which is personal. */
function placeOf(issue: z.core.$ZodIssue | undefined): string {
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return `/${[...(issue?.path ?? []), ...unknown].join('/')}`.slice(0, 120);
}

function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? null : text;
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Before parsing, so that nothing recursive ever sees a deep text. */
function depthOf(text: string): number {
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
function repeatsName(text: string): boolean {
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
