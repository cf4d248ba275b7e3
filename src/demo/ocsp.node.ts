import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { signatureIdentifier } from '../crypto/cms/algorithm-identifiers.ts';
import { ecdsaToDer } from '../crypto/cms/ecdsa-form.ts';
import { webCryptoSigner } from '../crypto/signer.ts';
import { parseX509Certificate, type X509Certificate } from '../crypto/x509/certificate.ts';
import type { Identity } from './certificate-maker.node.ts';
import { listenOnLoopback, readSmallBytes } from './loopback.node.ts';
import {
  type DemoStatus,
  isAbout,
  malformedRequest,
  type OcspQuestion,
  readOcspRequest,
  responseData,
  successfulResponse,
} from './ocsp-response.ts';
import { refuseInProduction } from './production.node.ts';

/** One development authority's delegate, and what that authority has issued. */
export interface DemoResponder {
  /** Name of the anchor; the last part of the responder's address. */
  readonly name: string;
  readonly identity: Identity;
  readonly issuer: Uint8Array;
  readonly issued: readonly { readonly certificate: Uint8Array; readonly status: 'good' | 'revoked' }[];
}

export interface OcspServer {
  readonly addressOf: (name: string) => string;
  close(): Promise<void>;
}

/** RFC 6960 over HTTP on loopback: knows what each authority issued, and says "unknown" of everything else. */
export async function openOcspServer(input: {
  port: number;
  responders: readonly DemoResponder[];
  clock: Clock;
}): Promise<OcspServer> {
  refuseInProduction('OCSP responder');
  const known = new Map(input.responders.map((responder) => [`/ocsp/${responder.name}`, prepare(responder)]));
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const responder = known.get(request.url ?? '');
    if (request.method !== 'POST' || responder === undefined) {
      response.writeHead(404).end();
      return;
    }
    const answer = await answerTo(await readSmallBytes(request), responder, input.clock);
    response.writeHead(200, { 'content-type': 'application/ocsp-response', 'content-length': answer.length });
    response.end(answer);
  };
  const server = await listenOnLoopback(
    createServer((request, response) => {
      respond(request, response).catch(() => response.destroy());
    }),
    input.port,
  );
  return { addressOf: (name) => `http://127.0.0.1:${server.port}/ocsp/${name}`, close: () => server.close() };
}

interface Prepared {
  readonly identity: Identity;
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  readonly issued: readonly { readonly certificate: X509Certificate; readonly status: 'good' | 'revoked' }[];
}

function prepare({ identity, issuer, issued }: DemoResponder): Prepared {
  return {
    identity,
    certificate: parsed(identity.chain[0]),
    issuer: parsed(issuer),
    issued: issued.map(({ certificate, status }) => ({ certificate: parsed(certificate), status })),
  };
}

async function answerTo(request: Uint8Array, responder: Prepared, clock: Clock): Promise<Uint8Array> {
  const { identity, certificate } = responder;
  const question = readQuestion(request);
  if (question === null) return malformedRequest;
  const status = statusOf(question, responder);
  const data = responseData({ question, status, responder: certificate, now: clock.now() });
  const signer = await webCryptoSigner(identity.pkcs8, identity.chain, identity.algorithm);
  const raw = await signer.sign(data);
  return successfulResponse({
    data,
    algorithm: signatureIdentifier(identity.algorithm),
    signature: identity.algorithm === 'RS256' ? raw : ecdsaToDer(raw),
    certificate: certificate.der,
  });
}

function readQuestion(request: Uint8Array): OcspQuestion | null {
  try {
    return readOcspRequest(request);
  } catch {
    return null;
  }
}

function statusOf({ certId }: OcspQuestion, { issuer, issued }: Prepared): DemoStatus {
  const found = issued.find(({ certificate }) => isAbout(certId, { certificate, issuer }));
  if (found === undefined) return 'unknown';
  // Revoked from its first day on, as in the lists.
  return found.status === 'good' ? 'good' : { revokedAt: found.certificate.notBefore };
}

function parsed(der: Uint8Array | undefined): X509Certificate {
  const certificate = parseX509Certificate(der ?? new Uint8Array());
  if (!certificate.ok) throw new Error(`A development certificate is not strict: ${certificate.fault}`);
  return certificate.value;
}
