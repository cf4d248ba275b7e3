import type { z } from 'zod';
import { decodeUtf8, jsonDepth, repeatsName } from '../crypto/strict-json.ts';
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
  const text = decodeUtf8(bytes);
  if (text === null) return refuse(fault('document.encoding'));
  if (!/^\s*[[{"\-\dtfn]/.test(text)) {
    return refuse(fault('document.not-what-it-says', { params: { type: 'application/json' } }));
  }
  if (jsonDepth(text) > maxDepth) return refuse(fault('document.too-complex', { detail: 'json:depth' }));
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

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
