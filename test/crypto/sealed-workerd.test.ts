import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { now } from './support/authorities.ts';

let workerd: Miniflare;

const worker = `
  import { verifyAsic } from './asic-verify.ts';
  import { signJws, verifyJws } from './jose.ts';
  import { verifySealedJws } from './sealed-jws.ts';
  import { cryptoKeySigner, importParameters, signerAlgorithms } from './signer.ts';
  import { parseX509Certificate } from './x509/certificate.ts';
  import { crlSource } from './x509/crl.ts';
  const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
  const algorithms = ['ecdsa-p256-sha256', 'rsa-pkcs1-sha256'];
  const anchors = (der) => [{ name: 'x', certificate: parseX509Certificate(bytes(der)).value, algorithms }];
  async function roundTrip(algorithm) {
    const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
    const parameters = { ...rsa, ...importParameters(algorithm) };
    const keys = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
    const signer = cryptoKeySigner(keys.privateKey, [], algorithm);
    const jws = await signJws({ payload: new Uint8Array([1]), header: {}, signer });
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
    const good = await verifyJws({ jws, algorithms: [algorithm], keyFrom: () => ({ spki }) });
    const bad = await verifyJws({ jws: { ...jws, payload: 'AA' }, algorithms: [algorithm], keyFrom: () => ({ spki }) });
    return [algorithm, good.ok, bad.ok];
  }
  export default {
    async fetch(request) {
      const given = await request.json();
      const revocation = crlSource(given.crls.map(bytes));
      const at = new Date(given.at);
      const trust = { anchors: anchors(given.seal), timestampAnchors: anchors(given.time), revocation, at };
      const container = await verifyAsic({ ...trust, bytes: bytes(given.container) });
      const manifest = await verifySealedJws({ ...trust, jws: given.manifest, typ: 'hikitsugi-manifest+jws' });
      return Response.json({
        container: [container.structure, container.signatures[0]?.verdict.time.status, container.reasons],
        manifest: [manifest.signature, manifest.issuer?.status, manifest.time.status, manifest.reasons],
        roundTrips: await Promise.all(signerAlgorithms.map(roundTrip)),
      });
    },
  };`;

beforeAll(async () => {
  const resolveDir = fileURLToPath(new URL('../../src/crypto', import.meta.url));
  const bundle = await build({
    stdin: { contents: worker, resolveDir, loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['node:*'],
  });
  workerd = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: bundle.outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-06-01',
      compatibilityFlags: ['nodejs_compat'],
      host: '127.0.0.1',
      port: 0,
    }),
  );
  await workerd.ready;
}, 60_000);
afterAll(async () => workerd.dispose());

it('seals, containers and JWS verify in workerd as on Node', async () => {
  const body = JSON.stringify({
    at: now.toISOString(),
    seal: vector('seal-root.der'),
    time: vector('time-root.der'),
    crls: ['seal-root.crl', 'seal-issuing.crl', 'time-root.crl', 'time-issuing.crl'].map(vector),
    container: vector('container.asice'),
    manifest: JSON.parse(Buffer.from(vector('manifest.jws.json'), 'base64').toString()) as unknown,
  });
  const answer = await fetch(await workerd.ready, { method: 'POST', body });
  expect(await answer.json()).toEqual({
    container: ['valid', 'valid', []],
    manifest: ['valid', 'trusted', 'valid', []],
    roundTrips: ['RS256', 'PS256', 'ES256', 'ES384'].map((algorithm) => [algorithm, true, false]),
  });
}, 60_000);

function vector(name: string): string {
  return readFileSync(new URL(`../vectors/sealed/${name}`, import.meta.url)).toString('base64');
}
