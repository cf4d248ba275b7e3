import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateFiles, endedFiles } from './certificate.node.ts';
import { type CutSignature, cutFirstSignature } from './cut-signature.ts';
import { verifyWithPkijs } from './independent-library.node.ts';
import { pdfTools } from './pdf-tools.node.ts';
import type { Stage } from './stage.node.ts';

const trust = ['--trust', 'trust', '--crl', 'crl'];
const tampered = 'tampered.pdf';
const overlaid = 'changed-later.pdf';

/** The certificates, offline: by the command line, by a library of others, and by PDF tools as far as they are here. */
export async function checkCertificates(stage: Stage): Promise<void> {
  const { narrator, folder } = stage;
  narrator.act('証明書を手元で検証する', 'The certificates are verified offline');
  const names = Object.values(certificateFiles);
  for (const name of names) await expectStatus(stage, 0, name, `${name} は有効`, `${name} is valid`);
  await makeForgeries(folder);
  await expectStatus(stage, 1, tampered, '1バイト変えた証明書は無効', 'one changed byte: invalid');
  await expectStatus(
    stage,
    1,
    overlaid,
    '署名の後でページを差し替えた証明書は無効',
    'a page replaced after signing: invalid',
  );
  for (const name of Object.values(endedFiles)) {
    await expectStatus(
      stage,
      0,
      name,
      `${name}: 封緘そのものは有効。失効と差し替えは、証明書のコードの先で分かる（上で見たとおり）`,
      `${name}: its seal is good; that it counts no more is told by the code on it, as seen above`,
    );
  }
  await askLibrary(stage, names);
  for (const tool of pdfTools) await askTool(stage, tool, names);
}

async function expectStatus(stage: Stage, status: number, file: string, ja: string, en: string): Promise<void> {
  const run = await stage.cli.run('verify', file, ...trust);
  stage.narrator.say(run.output);
  stage.narrator.check(run.status === status, ja, en);
}

async function askLibrary({ narrator, folder }: Stage, names: readonly string[]): Promise<void> {
  narrator.act('ほかの人のライブラリで証明書を検証する（PKI.js）', 'The certificates, by a library of others (PKI.js)');
  const root = await readFile(join(folder, 'trust', 'school-seal-ca.pem'), 'utf8');
  const verdict = async (name: string) => verifyWithPkijs(await cutIn(folder, name), root);
  for (const name of names) {
    narrator.check(await verdict(name), `${name} の署名と証明書の連鎖は正しい`, `signature and chain of ${name} hold`);
  }
  narrator.check(!(await verdict(tampered)), '1バイト変えると正しくない', 'with one changed byte they do not');
}

async function askTool(
  { narrator, folder }: Stage,
  tool: (typeof pdfTools)[number],
  names: readonly string[],
): Promise<void> {
  if (!tool.isHere()) {
    narrator.say(`— ${tool.name} がないので省きます / skipped: ${tool.name} is not installed here`);
    return;
  }
  for (const name of names) {
    const { isGood, output } = await tool.ask(folder, name);
    narrator.say(output);
    narrator.check(isGood, `${tool.name}: ${name} は${tool.ja}`, `${tool.name}: ${name} ${tool.en}`);
  }
  if (!tool.seesForgery) return;
  const { isGood } = await tool.ask(folder, tampered);
  narrator.check(!isGood, `${tool.name}: 1バイト変えた証明書は不合格`, `${tool.name}: refuses the changed byte`);
}

async function cutIn(folder: string, name: string): Promise<CutSignature> {
  return cutFirstSignature(new Uint8Array(await readFile(join(folder, name))));
}

/** One byte of the drawn page, and a new page behind the signature, as an attacker would leave them. */
async function makeForgeries(folder: string): Promise<void> {
  const good = await readFile(join(folder, certificateFiles.graduationCertificate));
  const changed = Buffer.from(good);
  const at = changed.indexOf('stream\n') + 40;
  changed[at] = (changed[at] ?? 0) ^ 1;
  await writeFile(join(folder, tampered), changed);
  await writeFile(join(folder, overlaid), withOtherPage(good));
}

/** One more revision that gives the first page another, empty, content. */
function withOtherPage(file: Buffer): Buffer {
  const text = file.toString('latin1');
  const page = /(\d+) 0 obj\s*<<(?=[^>]*\/Type \/Page\b)/.exec(text)?.[1] ?? '1';
  const before = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? '0';
  const object = `${page} 0 obj\n<< /Type /Page /MediaBox [0 0 595 842] >>\nendobj\n`;
  const table = file.length + Buffer.byteLength(object);
  const row = `${String(file.length).padStart(10, '0')} 00000 n \n`;
  const root = /\/Root (\d+ \d+ R)/.exec(text.slice(text.lastIndexOf('trailer')))?.[1] ?? '1 0 R';
  const size = /\/Size (\d+)/.exec(text.slice(text.lastIndexOf('trailer')))?.[1] ?? '1';
  const trailer = `xref\n${page} 1\n${row}trailer\n<< /Size ${size} /Root ${root} /Prev ${before} >>\n`;
  return Buffer.concat([file, Buffer.from(`${object}${trailer}startxref\n${table}\n%%EOF\n`, 'latin1')]);
}
