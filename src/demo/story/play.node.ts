import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serveGateway } from '../../serve.node.ts';
import { openDemoWorld } from '../world.node.ts';
import { playCertificates } from './certificate.node.ts';
import { checkCertificates } from './certificate-checks.node.ts';
import { openCliProcess } from './cli-process.node.ts';
import { gatherEvidence, verifyEvidence } from './evidence.node.ts';
import { handCommands, missingTools, runByHand } from './hand-commands.node.ts';
import { openNarrator } from './narrator.ts';
import { playOtherWays } from './other-ways.node.ts';
import { exportOwnEntries, verifyOwnEntries } from './own-entries.node.ts';
import { playPupil } from './pupil.node.ts';
import { playReceiving } from './receiving.node.ts';
import { playSending } from './sending.node.ts';
import type { Stage } from './stage.node.ts';

export interface PlayInput {
  /** `.data`: the world lies in a temporary folder of it, the results stay in its `demo`. */
  readonly folder: string;
  readonly print: (text: string) => void;
}

/** The whole main job in a fresh world. Returns what did not hold; throws when it could not go on. */
export async function playDemo({ folder, print }: PlayInput): Promise<readonly string[]> {
  const data = resolve(folder);
  const results = join(data, 'demo');
  await rm(results, { recursive: true, force: true });
  await mkdir(join(results, 'sent'), { recursive: true });
  await removeLeftovers(data);
  const temporary = await mkdtemp(join(data, `demo-world-${process.pid}-`));
  try {
    return await playIn({ temporary, results, print });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Worlds of demonstrations that were broken off; one that still runs keeps its own. */
async function removeLeftovers(data: string): Promise<void> {
  for (const name of await readdir(data)) {
    const pid = Number(/^demo-world-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(data, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 asks only.
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function playIn(at: {
  readonly temporary: string;
  readonly results: string;
  readonly print: PlayInput['print'];
}): Promise<readonly string[]> {
  const narrator = openNarrator(at.print);
  narrator.act('新しい実演用の世界を立ち上げる', 'A fresh world: database, identity provider, authorities, gateway');
  const world = await openDemoWorld({ folder: join(at.temporary, 'world'), witnesses: true });
  try {
    const origin = world.environment['PUBLIC_ORIGIN'] ?? '';
    const running = await serveGateway(world.environment, world.guide);
    try {
      narrator.say(origin);
      const profiles = join(at.temporary, 'profiles');
      const cli = openCliProcess(narrator, at.results);
      const stage: Stage = { world, origin, narrator, cli, folder: at.results, profiles };
      const sent = await playSending(stage);
      await playReceiving(stage, sent);
      const pupil = await playPupil(stage, sent);
      await playOtherWays(stage, sent, pupil);
      await playCertificates(stage, pupil);
      await exportOwnEntries(stage);
      await gatherEvidence(stage, sent, running.gateway);
    } finally {
      await running.close();
    }
  } finally {
    await world.close();
  }
  // Nothing runs any more: what follows rests on the files alone.
  const cli = openCliProcess(narrator, at.results);
  const offline: Stage = { world, origin: '', narrator, cli, folder: at.results, profiles: '' };
  await verifyEvidence(offline);
  await checkCertificates(offline);
  await verifyWithOtherTools(narrator, at.results);
  await verifyOwnEntries(offline);
  return narrator.failures;
}

async function verifyWithOtherTools(narrator: ReturnType<typeof openNarrator>, folder: string): Promise<void> {
  narrator.act('ほかの道具でも検証する（docs/verify-by-hand.md）', 'Verified by tools that are not ours');
  const missing = missingTools();
  if (missing.length > 0) {
    narrator.say(`— ${missing.join('、')} がないので省きます / skipped: not installed here`);
    return;
  }
  const run = runByHand(handCommands(await readFile(handDocument(), 'utf8')), folder);
  narrator.say(run.output);
  narrator.check(run.status === 0, 'unzip と openssl でも有効', 'unzip and openssl agree');
}

function handDocument(): string {
  const places = ['../docs', '../../../docs'].map((place) => resolve(import.meta.dirname, place, 'verify-by-hand.md'));
  return places.find((place) => existsSync(place)) ?? places[0] ?? '';
}
