import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportLog } from '../../audit/export-log.ts';
import { writeLogFolder } from '../../audit/log-folder.node.ts';
import { openLogKey, seedOfPkcs8 } from '../../audit/log-key.ts';
import { logOfYear, schoolYearAt } from '../../audit/log-name.ts';
import { readAsic } from '../../crypto/asic.ts';
import { pemToDer } from '../../crypto/x509/pem.ts';
import type { Gateway } from '../../gateway.ts';
import { sealedManifestName } from '../../records/container.ts';
import { demoLogBase } from '../signed-trust.node.ts';
import type { Sent } from './sending.node.ts';
import type { Stage } from './stage.node.ts';

/** Fetches receipts with their proofs, and leaves log, trust list and revocation lists beside the containers. */
export async function gatherEvidence(stage: Stage, sent: Sent, gateway: Gateway): Promise<void> {
  const { narrator, cli, folder, world } = stage;
  narrator.act('証拠と台帳の証明を受け取る', 'Receipts and their proofs from the log');
  const profile = join(stage.profiles, 'sender.json');
  const fetched = await cli.run('receipts', sent.caseId, '--out', 'receipts', '--wait', '30', '--profile', profile);
  narrator.say(fetched.output);
  narrator.check(fetched.status === 0, '証拠すべてに台帳の証明がある', 'every receipt has its proof');
  const exported = await cli.run('export-log', '--out', 'log-public', '--origin', stage.origin);
  narrator.check(exported.status === 0, '公開の台帳を書き出した', 'fetched the public part of the log');
  await exportWholeLog(stage, gateway);
  await cp(world.authorities.trustDirectory, join(folder, 'trust'), { recursive: true });
  await cp(world.authorities.crlDirectory, join(folder, 'crl'), { recursive: true });
  await cp(world.environment['WITNESS_POLICY_FILE'] ?? '', join(folder, 'policy.txt'));
  await keepManifest(folder);
}

/** With the entries, as the operator exports it. */
async function exportWholeLog({ folder, world }: Stage, gateway: Gateway): Promise<void> {
  const log = logOfYear(demoLogBase, schoolYearAt(gateway.clock.now()));
  const [pkcs8] = pemToDer(await readFile(world.authorities.logKeyFile, 'utf8'), 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('the key of the log is missing');
  const { key: logKey } = await openLogKey(log.origin, seedOfPkcs8(pkcs8));
  await writeLogFolder(join(folder, 'log'), exportLog({ store: gateway.objects, log, logKey, what: 'everything' }));
}

async function keepManifest(folder: string): Promise<void> {
  const container = readAsic(new Uint8Array(await readFile(join(folder, 'records.asice'))));
  const found = container.ok ? container.value.files.find(({ name }) => name === sealedManifestName) : undefined;
  if (found === undefined) throw new Error('the container has no sealed manifest');
  await writeFile(join(folder, 'manifest.jws.json'), found.content);
}

/** Verifies everything with the command line, offline, and lets it find a change of one byte. */
export async function verifyEvidence(stage: Stage): Promise<void> {
  const { narrator, folder } = stage;
  narrator.act(
    'すべてを手元で検証する（サーバーに問い合わせない）',
    'Everything is verified offline by the command line',
  );
  const trust = ['--trust', 'trust', '--crl', 'crl'];
  const witnessed = ['--policy', 'policy.txt'];
  for (const file of ['records.asice', 'health.asice', 'manifest.jws.json']) {
    await expectStatus(stage, 0, ['verify', file, ...trust], `${file} は有効`, `${file} is valid`);
  }
  const names = (await readdir(join(folder, 'receipts'))).filter((name) => name.endsWith('.jws.json')).sort();
  narrator.check(names.length >= 3, `証拠 ${names.length}通`, 'receipts of deposit, hand-over and acknowledgement');
  for (const name of names) {
    const proof = `receipts/${name.replace(/\.jws\.json$/, '.tlog-proof')}`;
    const args = ['verify', `receipts/${name}`, '--proof', proof, ...witnessed, ...trust];
    await expectStatus(
      stage,
      0,
      args,
      '証拠は有効で、台帳にあり、立会人も確かめている',
      'the receipt is valid, in the log, and witnessed',
    );
  }
  await expectStatus(
    stage,
    0,
    ['verify-log', 'log', '--trust', 'trust', ...witnessed],
    '台帳は正しく、2人の立会人が確かめている',
    'the log is right, and two witnesses have seen it',
  );
  await expectStatus(
    stage,
    0,
    ['verify-log', 'log-public', '--trust', 'trust', ...witnessed],
    '公開の台帳も正しい',
    'so is its public part',
  );
  await cp(join(folder, 'log-public'), join(folder, 'log-altered'), { recursive: true });
  await changeOneByte(join(folder, 'log-altered'));
  await expectStatus(
    stage,
    1,
    ['verify-log', 'log-altered', '--trust', 'trust', ...witnessed],
    '台帳を1バイト変えれば、見つかる',
    'one altered byte of the log is found',
  );
  await rm(join(folder, 'log-altered'), { recursive: true });
  await expectStatus(
    stage,
    3,
    ['verify', 'records.asice', '--trust', 'trust'],
    '失効リストがなければ「確かめられない」',
    'without revocation lists: could not check',
  );
  await tamper(folder);
  await expectStatus(
    stage,
    1,
    ['verify', 'tampered.asice', ...trust],
    '1バイト変えれば不合格',
    'one changed byte: verification failed',
  );
  await rm(join(folder, 'tampered.asice'));
}

async function changeOneByte(log: string): Promise<void> {
  const tiles = await readdir(join(log, 'tile', '0'), { recursive: true, withFileTypes: true });
  const tile = tiles.find((entry) => entry.isFile());
  if (tile === undefined) throw new Error('the exported log has no tile');
  const path = join(tile.parentPath, tile.name);
  const bytes = await readFile(path);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

async function expectStatus(
  stage: Stage,
  status: number,
  args: readonly string[],
  ja: string,
  en: string,
): Promise<void> {
  const run = await stage.cli.run(...args);
  stage.narrator.say(run.output);
  stage.narrator.check(run.status === status, ja, en);
}

async function tamper(folder: string): Promise<void> {
  const bytes = await readFile(join(folder, 'records.asice'));
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(join(folder, 'tampered.asice'), bytes);
}
