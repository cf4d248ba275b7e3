import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyTrustList } from '../../src/crypto/trust-list.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { pemToDer } from '../../src/crypto/x509/pem.ts';

describe('the folder certs', () => {
  it('holds no private key', async () => {
    const names = (await readdir('certs', { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(names.length).toBeGreaterThan(5);
    for (const { parentPath, name } of names) {
      expect(name).not.toMatch(/\.(key|p12|pfx|p8)$/);
      expect(await readFile(join(parentPath, name), 'utf8')).not.toMatch(/PRIVATE KEY-----|"d"\s*:/);
    }
  });

  it('has an example trust list that its pinned key signed', async () => {
    const [der = new Uint8Array()] = pemToDer(
      await readFile('certs/example/gateway-evidence.pem', 'utf8'),
      'CERTIFICATE',
    );
    const pinned = parseX509Certificate(der);
    if (!pinned.ok) throw new Error(pinned.fault);
    const jws: unknown = JSON.parse(await readFile('certs/example/trust.json', 'utf8'));
    const list = await verifyTrustList({ jws, key: { spki: pinned.value.publicKey.spki } });
    expect(list.ok && new Set(list.value.anchors.map(({ purpose }) => purpose))).toEqual(
      new Set(['seal', 'person', 'time', 'evidence']),
    );
  });
});
