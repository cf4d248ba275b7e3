import { parseStrictJson } from '../crypto/strict-json.ts';

/** Deeper is nothing that we verify. */
const maxDepth = 64;

/** JSON of strict UTF-8 without a name twice in an object; null when it is anything else. */
export function parseJson(bytes: Uint8Array): unknown {
  const parsed = parseStrictJson(bytes, maxDepth);
  return parsed.ok ? parsed.value : null;
}
