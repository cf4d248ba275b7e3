import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoWorld, openDemoWorld } from '../../src/demo/world.node.ts';
import { type RunningGateway, serveGateway } from '../../src/serve.node.ts';
import { hasTool } from '../crypto/support/tools.ts';
import { openBrowserSession } from '../support/session.ts';

const tools = [hasTool('sh', '-c'), hasTool('curl', '--version'), hasTool('openssl', 'version')];

describe.skipIf(tools.includes(false))('the example of docs/api.md', () => {
  let folder: string;
  let world: DemoWorld;
  let running: RunningGateway;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-api-example-'));
    world = await openDemoWorld({ folder: join(folder, '.data') });
    running = await serveGateway(world.environment);
    const pdf = await PDFDocument.create();
    pdf.addPage([595, 842]);
    await writeFile(join(folder, 'record.pdf'), await pdf.save({ useObjectStreams: false }));
  }, 120_000);

  afterAll(async () => {
    await running?.close();
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does what the page says, word for word', async () => {
    const origin = world.environment['PUBLIC_ORIGIN'] ?? '';
    const page = await readFile(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
    expect(blocks).toHaveLength(4);
    const [helpers = '', sending = '', depositing = '', receiving = ''] = blocks;
    const begin = helpers.replace('http://localhost:8787', origin);

    const sent = await shell(folder, `${begin}\n${sending}\necho "CASE $CASE"`);
    expect(sent).toContain('submitted\n');
    const caseId = /^CASE (\w+)$/m.exec(sent)?.[1] ?? '';

    const principal = await openBrowserSession({ origin, world, role: 'principal', school: 'C111299900116' });
    const shown = await principal.json('GET', `/api/cases/${caseId}`);
    const approval = { contentDigest: shown.body.contentDigest };
    expect((await principal.json('POST', `/api/cases/${caseId}/approval`, approval)).status).toBe(200);

    const deposited = await shell(folder, `${begin}\nCASE=${caseId}\n${depositing}`);
    expect(deposited).toMatch(/^sealed\ndeposited\n.*SubmissionAcceptance/);
    const received = await shell(folder, `${begin}\nCASE=${caseId}\n${receiving}`);
    expect(received).toMatch(/opened\nacknowledged\n$/);
    expect((await readFile(join(folder, 'records.asice'))).subarray(0, 2).toString()).toBe('PK');
  }, 60_000);
});

/** Runs a script where the example is meant to be run; gives what it printed. */
function shell(cwd: string, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-eu'], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const [output, errors]: [string[], string[]] = [[], []];
    child.stdout.on('data', (text) => output.push(String(text)));
    child.stderr.on('data', (text) => errors.push(String(text)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.join(''));
      else reject(new Error(`the example ended with ${code}: ${errors.join('')}`));
    });
    child.stdin.end(script);
  });
}
