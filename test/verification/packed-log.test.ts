import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { examineFile, kindOf } from '../../src/verification/examine.ts';
import { parseLogKeys } from '../../src/verification/trust-material.ts';

const folder = new URL('../vectors/log/', import.meta.url);
const text = await readFile(new URL('exported.hikitsugi-log', folder), 'utf8');
const about = z
  .object({ verifierKey: z.string(), size: z.number() })
  .parse(JSON.parse(await readFile(new URL('log.json', folder), 'utf8')));

async function codesOf(log: string, keys: readonly string[] = [about.verifierKey]) {
  const bytes = new TextEncoder().encode(log);
  const kind = kindOf(bytes);
  if (kind === null) throw new Error('nobody knows what this is');
  const nobody = { seal: [], person: [], time: [], evidence: [] };
  const trust = { ...nobody, revocation: noRevocationSource, logKeys: parseLogKeys(keys), at: new Date() };
  const report = await examineFile({ kind, bytes, proof: null, trust: async () => trust });
  return report.verdicts.map(({ code, reasons }) => [code, ...reasons].join(' '));
}

/** The log with one line, one file of it, changed. */
function withFile(path: string, change: (base64: string) => string | null): string {
  const lines = text.split('\n').flatMap((line) => {
    if (!line.includes(`"path":"${path}`)) return [line];
    const file = z.object({ path: z.string(), base64: z.string() }).parse(JSON.parse(line));
    const base64 = change(file.base64);
    return base64 === null ? [] : [JSON.stringify({ ...file, base64 })];
  });
  return lines.join('\n');
}

describe('an exported log in one file', () => {
  it('is the log that was signed', async () => {
    expect(await codesOf(text)).toEqual(['structure.valid', 'signature.valid', 'tree.valid']);
  });

  it('is not, when a file of it is changed or gone', async () => {
    const flipped = withFile('tile/entries/', (base64) =>
      base64.replace(/^(.{40})(.)/, (_, begin: string, one: string) => `${begin}${one === 'A' ? 'B' : 'A'}`),
    );
    expect((await codesOf(flipped)).at(-1)).toMatch(/^tree\.invalid \S+/);
    const cut = withFile('tile/0/000', () => null);
    expect((await codesOf(cut)).at(-1)).toMatch(/^tree\.invalid .*tile\.missing:tile\/0\/000/);
  });

  it('is of nobody, when its checkpoint is changed, gone, or by a key that is not known', async () => {
    const changed = withFile('checkpoint', (base64) => `${base64.slice(0, -8)}AAAAAAA=`);
    expect((await codesOf(changed)).at(-1)).toMatch(/^signature\.invalid checkpoint\.refused/);
    expect(await codesOf(withFile('checkpoint', () => null))).toEqual(['structure.invalid checkpoint.missing']);
    expect(await codesOf(text, [])).toEqual(['structure.valid', 'signature.notChecked log-key-unknown']);
  });

  it('is damaged, when a line of it is', async () => {
    expect(await codesOf(`${text}{"path":`)).toEqual(['structure.invalid log-malformed']);
  });
});
