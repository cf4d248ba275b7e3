import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { parseRevocationPlan, plannedSource } from '../../src/crypto/revocation-plan.ts';
import type { Trust } from '../../src/crypto/trust.ts';
import { parseX509Certificate, type X509Certificate } from '../../src/crypto/x509/certificate.ts';
import { JPKI_AUTHENTICATION_POLICY } from '../../src/crypto/x509/jpki.ts';
import { checkOcspResponse } from '../../src/crypto/x509/ocsp.ts';
import { type OcspResponder, type OcspSourceOptions, ocspSource } from '../../src/crypto/x509/ocsp-source.ts';
import { type PathVerdict, verifyPath } from '../../src/crypto/x509/path.ts';
import type { RevocationSource } from '../../src/crypto/x509/revocation.ts';
import { demoTrust } from '../../src/demo/demo-trust.node.ts';
import { type LoopbackServer, listenOnLoopback } from '../../src/demo/loopback.node.ts';
import { type OcspServer, openOcspServer } from '../../src/demo/ocsp.node.ts';
import { hasTool, runTool } from './run-tool.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from './temporary-authorities.ts';

const openssl = hasTool('openssl');

describe('revocation by OCSP, over HTTP', () => {
  let temporary: TemporaryAuthorities;
  let trust: Trust;
  let server: OcspServer;
  const others: LoopbackServer[] = [];

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    trust = await demoTrust(temporary.authorities);
    server = await openOcspServer({ port: 0, responders: temporary.authorities.responders, clock: systemClock });
  });
  afterAll(async () => {
    await server.close();
    for (const other of others) await other.close();
    await temporary.remove();
  });

  const file = (...names: readonly string[]) => join(temporary.folder, ...names);

  function certificate(id: string): X509Certificate {
    return parsed(temporary.authorities.persons.get(id)?.chain[0]);
  }

  function anchor(generation: number) {
    const found = trust.person.find(({ name }) => name === `jpki-authentication-${generation}`);
    if (!found) throw new Error('no such anchor');
    return found;
  }

  function responder(generation: number, changes: Partial<OcspResponder> = {}): OcspResponder {
    const url = server.addressOf(`jpki-authentication-${generation}`);
    const { sha256 } = anchor(generation).certificate;
    return { anchor: sha256, url, nonce: 'send', certIdHash: 'SHA-256', ...changes };
  }

  function judge(id: string, revocation: RevocationSource, at = new Date()): Promise<PathVerdict> {
    const purpose = {
      keyUsage: ['digitalSignature'],
      policy: [JPKI_AUTHENTICATION_POLICY],
      allowWithoutExtendedKeyUsage: true,
    } as const;
    return verifyPath({ leaf: certificate(id), pool: [], anchors: trust.person, at, purpose, revocation });
  }

  async function statusBy(revocation: RevocationSource, id = 'mayumi'): Promise<string> {
    const { revocation: status, reasons } = await judge(id, revocation);
    return [status, ...reasons.flatMap(({ detail }) => detail ?? [])].join(' ');
  }

  it.each(['SHA-1', 'SHA-256'] as const)(
    'asks about RSA and P-384 certificates, with %s in the CertID',
    async (hash) => {
      const source = ocspSource([responder(2, { certIdHash: hash }), responder(3, { certIdHash: hash })], {
        clock: systemClock,
      });
      expect(await statusBy(source, 'mayumi')).toBe('good');
      expect(await statusBy(source, 'ren')).toBe('good');
      // Nobody was configured for the first generation.
      expect(await statusBy(source, 'sakura')).toBe('notChecked no-source');
    },
  );

  it('A-09 knows of a revocation that no list has yet', async () => {
    const source = ocspSource([responder(2)], { clock: systemClock });
    expect(await judge('revoked-today', trust.revocation)).toMatchObject({ valid: true, revocation: 'good' });
    expect(await statusBy(source, 'revoked-today')).toBe('revoked listed');
    const plan = planned({ 'jpki-authentication-2': { sources: ['crl', 'ocsp'], ocsp: { url: responder(2).url } } });
    expect(await statusBy(plan, 'revoked-today')).toBe('revoked listed');
    expect(await statusBy(plan, 'mayumi')).toBe('good');
    expect(await statusBy(plan, 'sakura')).toBe('good');
    expect(await statusBy(plan, 'revoked')).toBe('revoked listed');
  });

  function planned(json: unknown): RevocationSource {
    const plan = parseRevocationPlan(json, trust.person);
    if (!plan.ok) throw new Error(plan.fault.join());
    return plannedSource({ plan: plan.value, anchors: trust.person, lists: trust.revocation, clock: systemClock });
  }

  it('takes "unknown" for no answer, whatever the lists say', async () => {
    // The responder of another authority does not know the certificate.
    const url = server.addressOf('jpki-authentication-2');
    const known = ocspSource([responder(3, { url })], { clock: systemClock });
    expect(await statusBy(known, 'ren')).toMatch(/^notChecked ocsp-/);
    const { identity, issuer, name } = temporary.authorities.responders[0] ?? failure();
    const forgetful = await openOcspServer({
      port: 0,
      responders: [{ name, identity, issuer, issued: [] }],
      clock: systemClock,
    });
    const plan = { sources: ['crl', 'ocsp'], ocsp: { url: forgetful.addressOf(name) } };
    expect(await statusBy(planned({ 'jpki-authentication-2': plan }))).toBe('notChecked ocsp-unknown');
    await forgetful.close();
  });

  /** A responder of bad will, or of bad luck. */
  async function hostile(listener: RequestListener, options: Partial<OcspSourceOptions> = {}) {
    const bad = await listenOnLoopback(createServer(listener), 0);
    others.push(bad);
    const url = `http://127.0.0.1:${bad.port}/`;
    return ocspSource([responder(2, { url })], { clock: systemClock, timeoutMs: 300, ...options });
  }

  it('A-09 lets nobody in when the responder is slow, away, too long, redirects or fails', async () => {
    let redirected = 0;
    const rows: readonly RequestListener[] = [
      () => undefined,
      (_request, response) => response.writeHead(200).write('begun and never ended'),
      (request) => request.socket.destroy(),
      (_request, response) => response.end(new Uint8Array(70_000)),
      (_request, response) => response.writeHead(500).end(),
      (request, response) => {
        redirected += request.url === '/' ? 0 : 1;
        response.writeHead(307, { location: '/elsewhere' }).end();
      },
    ];
    for (const row of rows) expect(await statusBy(await hostile(row))).toBe('notChecked ocsp-unreachable');
    expect(redirected).toBe(0);
    const nobody = ocspSource([responder(2, { url: 'http://127.0.0.1:1/' })], { clock: systemClock });
    expect(await statusBy(nobody)).toBe('notChecked ocsp-unreachable');
  });

  /** Answers every request with the answer that somebody else once got. */
  async function recorded(id: string): Promise<Uint8Array> {
    let answer = new Uint8Array();
    const source = ocspSource([responder(2)], {
      clock: systemClock,
      fetch: async (...request) => {
        const response = await fetch(...request);
        answer = new Uint8Array(await response.arrayBuffer());
        return new Response(answer);
      },
    });
    await judge(id, source);
    return answer;
  }

  it('A-09 does not take an answer for another request or another certificate', async () => {
    const [own, foreign] = [await recorded('mayumi'), await recorded('yoko')];
    expect(await statusBy(await hostile((_request, response) => response.end(own)))).toBe('notChecked ocsp-nonce');
    const url = responder(2).url;
    const without = { nonce: 'omit' as const, url };
    const fixed = (answer: Uint8Array) => ({
      clock: systemClock,
      fetch: () => Promise.resolve(new Response(new Uint8Array(answer))),
    });
    expect(await statusBy(ocspSource([responder(2, without)], fixed(own)))).toBe('good');
    expect(await statusBy(ocspSource([responder(2, without)], fixed(foreign)))).toBe(
      'notChecked ocsp-other-certificate',
    );
  });

  it('asks once within a minute, again after it, and forgets the oldest of too many', async () => {
    let asked = 0;
    let now = Date.now();
    const options: OcspSourceOptions = {
      clock: { now: () => new Date(now) },
      maxKept: 1,
      fetch: (...request) => {
        asked += 1;
        return fetch(...request);
      },
    };
    const source = ocspSource([responder(2)], options);
    for (const id of ['mayumi', 'mayumi', 'yoko', 'yoko', 'mayumi']) expect(await statusBy(source, id)).toBe('good');
    expect(asked).toBe(3);
    now += 60_000;
    expect(await statusBy(source)).toBe('good');
    expect(asked).toBe(4);
  });

  it('puts the plan of the operator to the test before it is used', () => {
    const fault = (json: unknown) => {
      const plan = parseRevocationPlan(json, trust.person);
      return plan.ok ? 'fine' : plan.fault.join();
    };
    const ocsp = { url: 'http://ocsp.example/' };
    expect(fault({})).toBe('fine');
    expect(fault({ 'jpki-authentication-1': { sources: ['ocsp'], ocsp } })).toBe('fine');
    expect(fault({ 'jpki-authentication-9': { sources: ['crl'] } })).toContain('no anchor');
    expect(fault({ 'jpki-authentication-1': { sources: ['ocsp'] } })).toContain('ocsp');
    expect(fault({ 'jpki-authentication-1': { sources: ['crl'], ocsp } })).toContain('ocsp');
    expect(fault({ 'jpki-authentication-1': { sources: [] } })).toContain('sources');
    for (const url of ['file:///etc/passwd', 'ftp://ocsp.example/', 'ocsp']) {
      expect(fault({ 'jpki-authentication-1': { sources: ['ocsp'], ocsp: { url } } })).toContain('url');
    }
    expect(fault({ 'jpki-authentication-1': { sources: ['crl'], whenNotChecked: 'allow' } })).toContain(
      'whenNotChecked',
    );
    expect(fault(null)).not.toBe('fine');
  });

  describe.skipIf(!openssl)('and OpenSSL', () => {
    async function writeCertificates(): Promise<void> {
      await writeFile(file('leaf.der'), certificate('mayumi').der);
      runTool('openssl', 'x509', '-inform', 'DER', '-in', file('leaf.der'), '-out', file('leaf.pem'));
    }
    const of = () => ['-issuer', file('trust/jpki-authentication-2.pem'), '-cert', file('leaf.pem')];

    it.each(['sha1', 'sha256'])('accepts the answer of our responder to its request with %s', async (hash) => {
      await writeCertificates();
      const made = runTool('openssl', 'ocsp', `-${hash}`, ...of(), '-reqout', file('request.der'));
      expect(made.status).toBe(0);
      const answer = await fetch(server.addressOf('jpki-authentication-2'), {
        method: 'POST',
        body: new Uint8Array(await readFile(file('request.der'))),
      });
      await writeFile(file('answer.der'), new Uint8Array(await answer.arrayBuffer()));
      // Given both, openssl would make a second request with a nonce of its own.
      const words = ['-respin', file('answer.der'), '-no_nonce'];
      const anchors = ['-CAfile', file('trust/jpki-authentication-2.pem')];
      const run = runTool('openssl', 'ocsp', ...words, ...anchors, `-${hash}`, ...of());
      expect(run.output).toContain('Response verify OK');
      expect(run.output).toContain('leaf.pem: good');
    });

    it('gives answers that ours accepts', async () => {
      await writeCertificates();
      const { serial } = certificate('mayumi');
      const line = ['V', '350101000000Z', '', serial.toUpperCase(), 'unknown', '/CN=x'].join('\t');
      await writeFile(file('index.txt'), `${line}\n`);
      runTool('openssl', 'ocsp', '-sha256', ...of(), '-no_nonce', '-reqout', file('request.der'));
      const signer = ['-rsigner', file('authorities/ocsp-2.pem'), '-rkey', file('authorities/ocsp-2.key.pem')];
      const authority = ['-index', file('index.txt'), '-CA', file('trust/jpki-authentication-2.pem'), '-ndays', '1'];
      const words = ['-reqin', file('request.der'), '-respout', file('theirs.der')];
      const run = runTool('openssl', 'ocsp', ...authority, ...signer, ...words);
      expect(run).toMatchObject({ status: 0 });
      const theirs = new Uint8Array(await readFile(file('theirs.der')));
      const source: RevocationSource = {
        check: (question) => checkOcspResponse(theirs, question, { nonce: null, now: new Date() }),
      };
      expect(await statusBy(source)).toBe('good');
      expect(await statusBy(source, 'yoko')).toBe('notChecked ocsp-other-certificate');
    });
  });
});

function parsed(der: Uint8Array | undefined): X509Certificate {
  const result = parseX509Certificate(der ?? new Uint8Array());
  if (!result.ok) throw new Error(result.fault);
  return result.value;
}

function failure(): never {
  throw new Error('no responder');
}
