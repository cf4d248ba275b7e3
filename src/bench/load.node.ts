import { createHash, randomUUID } from 'node:crypto';
import { type Client, expectSuccess, openClient } from './http-client.node.ts';
import type { LoadJob, LoadReply, LoadSetup, TurnResult, Workload } from './messages.ts';
import { makeScan, openLargePng } from './sample-files.node.ts';
import { openSchools, type School } from './school.node.ts';
import {
  type Announced,
  announce,
  documentOf,
  openAtRecipient,
  putContent,
  type Sending,
  sendPackage,
} from './sender.node.ts';
import { percentile } from './statistics.ts';

interface Loader {
  readonly setup: LoadSetup;
  readonly client: Client;
  readonly sending: Sending;
  readonly schools: readonly School[];
  readonly body: Buffer;
  readonly sha256: string;
  readonly downloads: readonly Download[];
}

interface Download {
  readonly url: string;
  readonly reader: School;
}

/** Process of its own that asks for everything, so that no server's time is taken by its clients. */
export function serveLoad(): void {
  let loader: Loader | null = null;
  const tell = (reply: LoadReply): void => void process.send?.(reply);
  async function take(job: LoadJob): Promise<void> {
    if (job.kind === 'setup') {
      loader = await openLoader(job.setup);
      return tell({ kind: 'ready' });
    }
    if (loader === null) throw new Error('a turn came before the setup');
    const measuring = () => tell({ kind: 'measuring' });
    const result =
      job.kind === 'large' ? await sendLarge(loader, job, measuring) : await playTurn(loader, job, measuring);
    tell({ kind: 'measured', result });
  }
  process.on('message', (job: LoadJob) => {
    take(job).catch((reason: unknown) => tell({ kind: 'failed', reason: String(reason) }));
  });
}

async function openLoader(setup: LoadSetup): Promise<Loader> {
  const client = openClient(setup.connections);
  const schools = await openSchools(client, setup);
  const body = await makeScan();
  const document = documentOf(body, 'application/pdf');
  const sending = { client, gateway: setup.gateway, document };
  const downloads = await inParallel(setup.connections, setup.downloads, async (index) => {
    const route = routeAt(schools, index);
    const sent = await sendPackage(sending, route);
    await openAtRecipient(sending, sent, route);
    const url = `${setup.gateway}/api/cases/${sent.caseId}/documents/${sent.documentId}/content`;
    return { url, reader: route.to };
  });
  return { setup, client, sending, schools, body, sha256: document.sha256.toString('hex'), downloads };
}

/** Every school sends to every other in turn. */
function routeAt(schools: readonly School[], index: number): { from: School; to: School } {
  const senders = schools.filter(({ pupils }) => pupils.length > 0);
  const from = senders[index % senders.length];
  const others = schools.filter((school) => school !== from);
  const to = others[Math.floor(index / senders.length) % others.length];
  if (from === undefined || to === undefined) throw new Error('the world has no two schools');
  return { from, to };
}

type Act = (index: number) => Promise<unknown>;

async function playTurn(
  loader: Loader,
  turn: { readonly workload: Workload; readonly seconds: number; readonly warmUpSeconds: number },
  measuring: () => void,
): Promise<TurnResult> {
  const { connections } = loader.setup;
  switch (turn.workload) {
    // A package takes long beside a turn, and announced bytes are sent once: a number of them is timed, not a time filled.
    case 'package':
      await inParallel(connections, connections, (index) =>
        sendPackage(loader.sending, routeAt(loader.schools, index)),
      );
      return timeEach(connections, turn.seconds * 40, {
        act: (index) => sendPackage(loader.sending, routeAt(loader.schools, index)),
        measuring,
      });
    case 'content': {
      const ready = await inParallel(connections, turn.seconds * 60, (index) => announceAt(loader, index));
      return timeEach(connections, ready.length, {
        act: async (index) => putContent(loader.sending, at(ready, index)),
        measuring,
      });
    }
    case 'tus':
    case 'honoRaw':
    case 'nginx':
    case 'download':
    case 'honoFile':
      return repeat({ ...turn, connections, act: actOf(loader, turn.workload), measuring });
  }
}

async function timeEach(
  connections: number,
  count: number,
  { act, measuring }: { readonly act: Act; readonly measuring: () => void },
): Promise<TurnResult> {
  const begun = begin(measuring);
  await inParallel(connections, count, (index) => begun.timed(() => act(index)));
  return begun.end();
}

function actOf(loader: Loader, workload: Exclude<Workload, 'content' | 'package'>): Act {
  const { setup, body } = loader;
  switch (workload) {
    case 'tus':
      return () => uploadByTus(loader);
    case 'honoRaw':
      return () => expectSuccess(loader.client, { method: 'PUT', url: `${setup.hono}/raw/${randomUUID()}`, body });
    case 'nginx':
      return () => expectSuccess(loader.client, { method: 'PUT', url: `${setup.nginx}/${randomUUID()}`, body });
    case 'download':
      return (index) => downloadVerified(loader, index);
    case 'honoFile':
      return async () => {
        const answer = await expectSuccess(loader.client, { method: 'GET', url: `${setup.hono}/plain/scan.pdf` });
        if (answer.body.length < 290_000) throw new Error('the plain file came short');
      };
  }
}

async function announceAt(loader: Loader, index: number): Promise<Announced> {
  const route = routeAt(loader.schools, index);
  return announce(loader.sending, { ...route, token: await route.from.heldToken() });
}

/** tus 1.0 "creation with upload": one request, the fastest way that the protocol has. */
async function uploadByTus({ client, setup, body }: Loader): Promise<void> {
  const answer = await expectSuccess(client, {
    method: 'POST',
    url: `${setup.tus}/files`,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(body.length),
      'content-type': 'application/offset+octet-stream',
    },
    body,
  });
  if (answer.headers['upload-offset'] !== String(body.length)) throw new Error('tus took fewer bytes');
}

async function downloadVerified({ client, downloads, sha256 }: Loader, index: number): Promise<void> {
  const download = at(downloads, index % downloads.length);
  const token = await download.reader.heldToken();
  const answer = await download.reader.call(client, token, { method: 'GET', url: download.url });
  if (createHash('sha256').update(answer.body).digest('hex') !== sha256) throw new Error('other bytes came back');
}

async function sendLarge(
  loader: Loader,
  job: { readonly to: 'gateway' | 'honoRaw'; readonly bytes: number },
  measuring: () => void,
): Promise<TurnResult> {
  const png = openLargePng(job.bytes);
  // Servers close what was idle for five seconds, and making the file takes a while.
  const client = openClient(1);
  if (job.to === 'honoRaw') {
    const begun = begin(measuring);
    const url = `${loader.setup.hono}/raw/${randomUUID()}`;
    const headers = { 'content-length': String(png.bytes) };
    await begun.timed(() => expectSuccess(client, { method: 'PUT', url, headers, body: png.read() }));
    return begun.end();
  }
  const sending = { ...loader.sending, client, document: { ...png, mediaType: 'image/png' } };
  const route = routeAt(loader.schools, 0);
  const announced = await announce(sending, { ...route, token: await route.from.heldToken() });
  const begun = begin(measuring);
  await begun.timed(() => putContent(sending, announced));
  return begun.end();
}

interface Repeated {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly act: Act;
  readonly measuring: () => void;
}

/** Acts on all connections without a pause; what ends within the time counts. */
async function repeat({ connections, seconds, warmUpSeconds, act, measuring }: Repeated): Promise<TurnResult> {
  let index = 0;
  let begun: ReturnType<typeof begin> | null = null;
  let result: TurnResult | null = null;
  const warm = performance.now() + warmUpSeconds * 1000;
  const over = warm + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < over) {
        if (performance.now() >= warm) begun ??= begin(measuring);
        const began = performance.now();
        await act(index++);
        if (performance.now() < over) begun?.ended(performance.now() - began);
        else result ??= begun?.end() ?? null;
      }
    }),
  );
  if (result === null) throw new Error('the turn was too short for a single act');
  return result;
}

function begin(measuring: () => void) {
  measuring();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const times: number[] = [];
  return {
    ended: (milliseconds: number): void => void times.push(milliseconds),
    async timed(act: () => Promise<unknown>): Promise<void> {
      const began = performance.now();
      await act();
      times.push(performance.now() - began);
    },
    end(): TurnResult {
      const { user, system } = process.cpuUsage(cpu);
      return {
        done: times.length,
        seconds: (performance.now() - startedAt) / 1000,
        medianMs: percentile(times, 0.5),
        p99Ms: percentile(times, 0.99),
        loadCpuMs: (user + system) / 1000,
      };
    },
  };
}

async function inParallel<T>(workers: number, count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (next < count) {
        const index = next++;
        results[index] = await work(index);
      }
    }),
  );
  return results;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing was made ready at ${index}`);
  return item;
}
