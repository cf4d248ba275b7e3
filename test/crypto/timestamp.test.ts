import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derInteger, derSequence } from '../../src/crypto/cms/der-write.ts';
import { timestampQuery } from '../../src/crypto/cms/timestamp-query.ts';
import {
  requestTimestamp,
  type TimestampAuthority,
  timestampService,
  verifyTimestampToken,
} from '../../src/crypto/timestamp.ts';
import { createTimestampResponse } from '../../src/crypto/timestamp-response.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { createTestAuthority, now, type TestLeaf, timeStampingUsage } from './support/authorities.ts';
import { hasTool, runTool } from './support/tools.ts';
import { anchorOf, createTestWorld, stampingFetch, testPolicy, valueOf } from './support/trust.ts';

const { time, stamper, timestampAnchors, revocation, timestamps } = await createTestWorld();
const data = new TextEncoder().encode('署名値');
const imprint = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
const trust = { anchors: timestampAnchors, revocation, at: now };
const day = 24 * 3600 * 1000;

function authority(other: Partial<TimestampAuthority> = {}): TimestampAuthority {
  return {
    url: 'http://tsa.invalid/',
    anchors: timestampAnchors,
    revocation,
    policies: [testPolicy],
    timeoutMs: 2000,
    clock: { now: () => now },
    fetch: stampingFetch(stamper, now),
    ...other,
  };
}

async function outcome(other: Partial<TimestampAuthority>): Promise<string> {
  const result = await requestTimestamp(authority(other), imprint);
  return result.ok ? 'stamped' : result.fault;
}

describe('asking for a time stamp', () => {
  it('gives a token that verifies, with its time, policy and accuracy', async () => {
    const token = valueOf(await timestamps.stamp(data));
    expect(await verifyTimestampToken({ ...trust, token, imprint })).toMatchObject({
      status: 'valid',
      genTime: now,
      accuracyMilliseconds: 1000,
      policy: testPolicy,
      serial: '01',
      reasons: [],
    });
  });

  it('works over HTTP', async () => {
    const answer = stampingFetch(stamper, now);
    const server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        // Sound: a request without an encoding gives buffers.
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const reply = await answer('', { body: Buffer.concat(chunks) });
        response.end(Buffer.from(await reply.arrayBuffer()));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Sound: a server that listens on TCP has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    const { fetch: _, ...real } = authority({ url: `http://127.0.0.1:${port}/` });
    expect((await requestTimestamp(real, imprint)).ok).toBe(true);
    server.close();
  });

  it('tells what is wrong with an answer', async () => {
    const respond =
      (body: Uint8Array, status = 200) =>
      () =>
        Promise.resolve(new Response(new Uint8Array(body), { status }));
    const replay = (await stampingFetch(stamper, now)('', { body: new Uint8Array(oldRequest()) })).arrayBuffer();
    const other = await createTestAuthority('別');
    const stranger = await other.issue({ algorithm: 'ES256', extendedKeyUsage: timeStampingUsage });
    expect(await outcome({})).toBe('stamped');
    expect(await outcome({ fetch: respond(new Uint8Array(), 503) })).toBe('http-status');
    expect(await outcome({ fetch: respond(new Uint8Array(70_000)) })).toBe('reply-too-large');
    expect(await outcome({ fetch: respond(new Uint8Array([0x30, 0x80])) })).toBe('reply-malformed');
    expect(await outcome({ fetch: respond(derSequence(derSequence(derInteger(2)))) })).toBe('request-rejected');
    expect(await outcome({ fetch: respond(derSequence(derSequence(derInteger(0)))) })).toBe('reply-malformed');
    expect(await outcome({ fetch: () => Promise.reject(new TypeError('no route')) })).toBe('unreachable');
    expect(await outcome({ fetch: respond(new Uint8Array(await replay)) })).toBe('nonce-mismatch');
    expect(await outcome({ fetch: stampingFetch(stamper, new Date(now.getTime() - 3600_000)) })).toBe('time-not-near');
    expect(await outcome({ fetch: stampingFetch(stranger, now) })).toBe('signer-unknownRoot');
    expect(await outcome({ policies: ['1.2.3'] })).toBe('request-rejected');
    expect(await outcome({ anchors: [] })).toBe('no-anchor');
  });

  it('asks the next authority when one fails, and tells the last reason when all do', async () => {
    const dead = authority({ fetch: () => Promise.reject(new TypeError('no route')) });
    expect((await timestampService([dead, authority()]).stamp(data)).ok).toBe(true);
    expect(await timestampService([dead, dead]).stamp(data)).toEqual({ ok: false, fault: 'unreachable' });
  });
});

describe('verifying a token', () => {
  async function statusBy(leaf: TestLeaf, at = now): Promise<readonly unknown[]> {
    const { signer } = leaf;
    const reply = await createTimestampResponse({ request: oldRequest(), signer, policy: testPolicy, serial: 3n, now });
    const verdict = await verifyTimestampToken({ ...trust, token: tokenOf(reply), imprint, at });
    return [verdict.status, ...verdict.reasons];
  }

  it.each(['RS256', 'PS256', 'ES256', 'ES384'] as const)('accepts one signed with %s', async (algorithm) => {
    expect(await statusBy(await time.issue({ algorithm, extendedKeyUsage: timeStampingUsage }))).toEqual(['valid']);
  });

  it('refuses a signer without the usage, with it not critical, or with another beside it', async () => {
    const oid = '1.3.6.1.5.5.7.3.8';
    const plain = await time.issue({ algorithm: 'ES256' });
    expect(await statusBy(plain)).toEqual(['invalid', 'signer-usage', 'signer-invalid']);
    const soft = await time.issue({ algorithm: 'ES256', extendedKeyUsage: { oids: [oid], critical: false } });
    expect(await statusBy(soft)).toEqual(['invalid', 'signer-usage']);
    const mixed = { oids: [oid, '1.3.6.1.5.5.7.3.4'], critical: true };
    expect(await statusBy(await time.issue({ algorithm: 'ES256', extendedKeyUsage: mixed }))).toEqual([
      'invalid',
      'signer-usage',
    ]);
  });

  it('judges the authority at the time of the stamp', async () => {
    const usage = { algorithm: 'ES256', extendedKeyUsage: timeStampingUsage } as const;
    const short = await time.issue({ ...usage, notAfter: new Date(now.getTime() + day) });
    expect(await statusBy(short, new Date(now.getTime() + 30 * day))).toEqual(['valid']);
    const ended = await time.issue({ ...usage, notAfter: new Date(now.getTime() - day) });
    expect(await statusBy(ended)).toEqual(['invalid', 'signer-expired']);
  });

  it('refuses a token from the future, for another imprint, of another policy', async () => {
    const token = valueOf(await timestamps.stamp(data));
    const verdict = async (other: object) =>
      (await verifyTimestampToken({ ...trust, token, imprint, ...other })).reasons;
    expect(await verdict({ at: new Date(now.getTime() - day) })).toEqual(['time-in-future']);
    expect(await verdict({ imprint: new Uint8Array(32) })).toEqual(['imprint-mismatch']);
    expect(await verdict({ policies: ['1.2.3'] })).toEqual(['policy-not-allowed']);
    expect(await verdict({ token: token.subarray(1) })).toEqual(['token-malformed']);
  });

  it('refuses it whichever byte is flipped', async () => {
    const token = valueOf(await timestamps.stamp(data));
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = new Uint8Array(token);
        changed[at] = (changed[at] ?? 0) ^ mask;
        expect((await verifyTimestampToken({ ...trust, token: changed, imprint })).status).not.toBe('valid');
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe.skipIf(!hasTool('openssl', 'version'))('tokens and OpenSSL', () => {
  const pem = (der: Uint8Array) => derToPem(der, 'CERTIFICATE');

  it('OpenSSL verifies a token that our client fetched', async () => {
    const token = valueOf(await timestamps.stamp(data));
    const command = 'ts -verify -data x.dat -in x.tok -token_in -CAfile root.pem -attime';
    const at = String(Math.floor(now.getTime() / 1000));
    const files = { 'x.dat': data, 'x.tok': token, 'root.pem': pem(time.root) };
    expect(runTool('openssl', [...command.split(' '), at], files).output).toContain('Verification: OK');
    const other = { ...files, 'x.dat': 'other' };
    expect(runTool('openssl', [...command.split(' '), at], other).output).toContain('Verification: FAILED');
  });

  it('our client accepts what the OpenSSL server answers, in the forms it can be set to', async () => {
    // OpenSSL stamps with the real time, so this test lives in it.
    const clock = { now: () => new Date() };
    const today = await createTestAuthority('今日', clock.now());
    const anchors = [anchorOf('today', today.root)];
    const leaf = await today.issue({ algorithm: 'RS256', extendedKeyUsage: timeStampingUsage });
    const lists = crlSource(today.crls);
    for (const digest of ['sha256', 'sha512']) {
      const answer: typeof fetch = async (_url, init) => {
        const request = new Uint8Array(await new Response(init?.body ?? null).arrayBuffer());
        const { stdout } = runTool('openssl', 'ts -reply -config tsa.cnf -queryfile q.tsq'.split(' '), {
          'q.tsq': request,
          'tsa.cnf': opensslServer(digest),
          serial: '0A',
          'c.pem': pem(leaf.certificate),
          'i.pem': pem(today.issuing),
          'k.pem': derToPem(leaf.privateKey, 'PRIVATE KEY'),
        });
        return new Response(new Uint8Array(stdout));
      };
      const settings = authority({ clock, fetch: answer, revocation: lists, anchors });
      const { policies: _, ...anyPolicy } = settings;
      const token = valueOf(await requestTimestamp(anyPolicy, imprint));
      const verdict = await verifyTimestampToken({ revocation: lists, anchors, token, imprint, at: clock.now() });
      expect(verdict).toMatchObject({ status: 'valid', policy: '1.3.6.1.4.1.32473.5', serial: '0b' });
    }
  });
});

function opensslServer(digest: string): string {
  return [
    '[tsa]',
    'default_tsa = t',
    '[t]',
    'serial = serial',
    'crypto_device = builtin',
    'signer_cert = c.pem',
    'certs = i.pem',
    'signer_key = k.pem',
    `signer_digest = ${digest}`,
    'default_policy = 1.3.6.1.4.1.32473.5',
    'digests = sha256',
    'accuracy = secs:1, millisecs:500, microsecs:100',
    'ordering = yes',
    'tsa_name = yes',
    'ess_cert_id_chain = no',
    'ess_cert_id_alg = sha256',
    '',
  ].join('\n');
}

/** A request that somebody made earlier, with a nonce that no client of today knows. */
function oldRequest(): Uint8Array {
  return timestampQuery({ imprint, nonce: Uint8Array.of(7), policy: null });
}

function tokenOf(reply: Uint8Array): Uint8Array {
  // SEQUENCE { SEQUENCE { INTEGER 0 }, token }: four bytes of header, five of status.
  return reply.subarray(9);
}
