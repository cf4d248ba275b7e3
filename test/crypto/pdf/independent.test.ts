import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { derToPem } from '../../../src/crypto/x509/pem.ts';
import { now } from '../support/authorities.ts';
import { hasTool, runTool } from '../support/tools.ts';
import { createTestWorld } from '../support/trust.ts';
import { cutNewest } from './support/cut-newest.ts';
import { hasJava, runJava } from './support/other-programs.ts';
import { type Level, makeDocument, signedPdf } from './support/signed-pdf.ts';

/** What other people's programs say of the files that we sign; each group is skipped, and says so, where its program is absent. */
const withJava = describe.skipIf(!hasJava());
const withPdfsig = describe.skipIf(!hasTool('pdfsig', '-v'));
const withQpdf = describe.skipIf(!hasTool('qpdf', '--version'));
const withMutool = describe.skipIf(!hasTool('mutool', '-v'));
const withOpenssl = describe.skipIf(!hasTool('openssl', 'version'));

const algorithms = ['RS256', 'PS256', 'ES256', 'ES384'] as const;
const levels: readonly Level[] = ['B-T', 'B-LT', 'B-LTA'];
const at = String(Math.floor(now.getTime() / 1000));
const files = new Map<string, Uint8Array>();
let sealRoot = '';
let timeRoot = '';

beforeAll(async () => {
  const world = await createTestWorld();
  sealRoot = derToPem(world.seal.root, 'CERTIFICATE');
  timeRoot = derToPem(world.time.root, 'CERTIFICATE');
  for (const algorithm of algorithms) {
    for (const level of levels) files.set(`${algorithm}-${level}.pdf`, await signedPdf(world, { algorithm, level }));
  }
  const box = { page: 1, rectangle: [20, 20, 120, 60] } as const;
  const options = { box, certification: { permissions: 1 } } as const;
  const document = await makeDocument('stream');
  files.set('visible-certified.pdf', await signedPdf(world, { level: 'B-LTA', document, options }));
}, 60_000);

withJava('what PDFBox and BouncyCastle say', () => {
  it('every signature, ESS hash, time stamp and path is right, for each algorithm and level', () => {
    const source = readFileSync(new URL('./support/CheckPades.java', import.meta.url));
    const parameters = ['CheckPades.java', 'roots.pem', ...files.keys()];
    const given = { ...Object.fromEntries(files), 'CheckPades.java': source, 'roots.pem': sealRoot + timeRoot };
    const said = Buffer.from(runJava(parameters, given).stdout).toString().trim().split('\n');
    const expected = [...files.keys()].flatMap((name) =>
      name.includes('LTA') || name.startsWith('visible')
        ? [`${name} ETSI.CAdES.detached revision signature ess stamp path`, `${name} ETSI.RFC3161 whole imprint path`]
        : [`${name} ETSI.CAdES.detached ${name.includes('LT') ? 'revision' : 'whole'} signature ess stamp path`],
    );
    expect(said.sort()).toEqual(expected.sort());
  }, 120_000);
});

withPdfsig('what Poppler says', () => {
  it.each(algorithms)('a signature with %s is valid, for the whole document', (algorithm) => {
    const said = runTool('pdfsig', ['-no-ocsp', 'f.pdf'], { 'f.pdf': fileOf(`${algorithm}-B-T.pdf`) });
    expect(said.output).toContain('Signature is Valid.');
    expect(said.output).toContain('Total document signed');
    expect(said.output).toContain('Signature Type: ETSI.CAdES.detached');
  });
});

describe.skipIf(!hasTool('pdfsig', '-v') || !hasTool('certutil', '-H'))('what Poppler says of the signer', () => {
  // Without -no-ocsp: Poppler 22.12 takes what NSS last complained of on the way, such as an extension that a
  // certificate does not have, for the outcome of a path that NSS found good (docs/verify-by-hand.md).
  it('he is trusted by who trusts the root', () => {
    const commands = [
      'mkdir nss',
      'certutil -N -d sql:nss --empty-password',
      'certutil -A -d sql:nss -n root -t CT,CT,CT -i root.pem',
      'pdfsig -nssdir sql:nss f.pdf',
    ];
    const given = { 'f.pdf': fileOf('ES256-B-T.pdf'), 'root.pem': sealRoot };
    expect(runTool('sh', ['-c', commands.join(' && ')], given).output).toContain('Certificate is Trusted.');
  });
});

withOpenssl('what OpenSSL says', () => {
  it.each(algorithms)('the value of a signature with %s is a CAdES signature of the byte range', (algorithm) => {
    const { value, signed } = cutNewest(fileOf(`${algorithm}-B-T.pdf`));
    const parameters =
      'cms -verify -cades -inform DER -in x.cms -content x.dat -binary -CAfile root.pem -purpose any -out out.dat';
    const given = { 'x.cms': value, 'x.dat': signed, 'root.pem': sealRoot };
    const said = runTool('openssl', [...parameters.split(' '), '-attime', at], given);
    expect(said.output).toContain('CAdES Verification successful');
  });

  it('the value of a document time stamp is a token over the byte range', () => {
    const { value, signed } = cutNewest(fileOf('ES256-B-LTA.pdf'));
    const parameters = 'ts -verify -data x.dat -in x.tok -token_in -CAfile root.pem';
    const given = { 'x.tok': value, 'x.dat': signed, 'root.pem': timeRoot };
    expect(runTool('openssl', [...parameters.split(' '), '-attime', at], given).output).toContain('Verification: OK');
  });
});

withQpdf('what qpdf says', () => {
  it('every file is whole', () => {
    for (const [name, file] of files) {
      const said = runTool('qpdf', ['--check', 'f.pdf'], { 'f.pdf': file });
      expect(said.output, name).toContain('No syntax or stream encoding errors found');
      expect(said.output, name).not.toContain('WARNING');
    }
  });
});

withMutool('what MuPDF says', () => {
  it('nothing was changed since signing', () => {
    const said = runTool('mutool', ['sign', '-v', 'f.pdf'], { 'f.pdf': fileOf('ES256-B-T.pdf') });
    expect(said.output).toContain('unchanged since signing');
  });
});

function fileOf(name: string): Uint8Array {
  const file = files.get(name);
  if (file === undefined) throw new Error(`no file ${name}`);
  return file;
}
