import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../src/app.ts';
import { writeRenewals } from '../cli/support/beside-receipt.ts';
import { makeSealedFolder, swapDocument } from '../cli/support/sealed-folder.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';

const answerShape = z.object({
  outcome: z.string(),
  trustList: z.object({ serial: z.number() }),
  items: z.array(
    z.object({
      id: z.string(),
      kind: z.string().nullable(),
      outcome: z.string(),
      verdicts: z.array(
        z.object({ code: z.string(), reasons: z.array(z.string()), sentence: z.string(), next: z.string().nullable() }),
      ),
      problem: z.object({ code: z.string() }).nullable(),
    }),
  ),
});

describe('POST /api/verifications', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let folder: string;
  let app: ReturnType<typeof createApp>;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    world = await openHostileWorld({ RATE_HEAVY: '40' });
    folder = await makeSealedFolder({ authorities: world.demo.authorities, folder: world.folder }, 'juniorHigh');
    await swapDocument(at('records.asice'), at('changed.asice'));
    app = createApp(world.running.gateway, () => {});
  }, 120_000);
  afterAll(() => world?.close());

  function send(body: unknown, headers: Record<string, string> = {}) {
    const text = JSON.stringify(body);
    const all = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)), ...headers };
    return app.request('/api/verifications', { method: 'POST', body: text, headers: all });
  }

  const contentOf = (name: string) => readFile(at(name), 'base64');
  const textContent = (text: string) => Buffer.from(text).toString('base64');

  it('gives verdicts for a list, in its order, to somebody whom nobody knows', async () => {
    const items = [
      { id: 'good', content: await contentOf('records.asice') },
      { id: 'changed', content: await contentOf('changed.asice') },
      { id: 'receipt', content: await contentOf('receipts/SubmissionAcceptance.jws.json') },
      { id: 'signed', content: await contentOf('signed.pdf') },
      { id: 'cut', content: textContent('%PDF-1.7\nstartxref\n0\n%%EOF\n') },
      { id: 'note', content: textContent('hello') },
      { id: 'spoilt', content: textContent('eyJhbGciOiJub25lIn0.e30.~') },
    ];
    const answer = await send({ items });
    expect(answer.status).toBe(200);
    const { outcome, items: found } = answerShape.parse(await answer.json());
    expect(outcome).toBe('invalid');
    expect(found.map((one) => [one.id, one.kind, one.outcome, one.problem?.code ?? null])).toEqual([
      ['good', 'container', 'valid', null],
      ['changed', 'container', 'invalid', null],
      ['receipt', 'receipt', 'valid', null],
      ['signed', 'pdf', 'valid', null],
      ['cut', 'pdf', 'invalid', null],
      ['note', null, 'notChecked', 'file.unknown'],
      ['spoilt', 'credential', 'invalid', null],
    ]);
    expect(found[1]?.verdicts.find(({ code }) => code === 'digests.invalid')?.next).toMatch(/^次にすること/);
  });

  it('verifies the code of a certificate by the seals of its own schools, and says that it is on no record here', async () => {
    const answer = answerShape.parse(await (await send({ items: [{ content: await contentOf('code.txt') }] })).json());
    const [found] = answer.items;
    expect([found?.kind, found?.outcome]).toEqual(['certificateProof', 'notChecked']);
    expect(found?.verdicts.map(({ code }) => code)).toEqual([
      'signature.valid',
      'issuer.valid',
      'issued.valid',
      'state.notChecked',
    ]);
    expect(found?.verdicts.at(-1)).toMatchObject({ reasons: ['state-unknown'], next: expect.any(String) as string });
  });

  it('takes the renewal record of each item', async () => {
    await writeRenewals(folder, world.demo.authorities);
    const content = await contentOf('manifest.jws.json');
    const renewals = await Promise.all(['renewal.json', 'other-renewal.json', 'code.txt'].map(contentOf));
    const items = [...renewals.map((renewal) => ({ content, renewal })), { content }];
    const answer = answerShape.parse(await (await send({ items })).json());
    expect(answer.items.map(({ verdicts }) => verdicts.at(-1)?.code)).toEqual([
      'renewal.valid',
      'renewal.notChecked',
      'renewal.invalid',
      'statement.valid',
    ]);
  });

  it('speaks the language that is asked for', async () => {
    const items = [{ content: await contentOf('manifest.jws.json') }];
    const answer = answerShape.parse(await (await send({ items }, { 'accept-language': 'en' })).json());
    expect(answer.items[0]?.verdicts[0]).toMatchObject({
      code: 'signature.valid',
      sentence: expect.stringMatching(/^The signature/) as string,
    });
  });

  it('reads no cookie, and takes no list from a form of another site', async () => {
    const items = [{ content: textContent('hello') }];
    const headers = { origin: 'https://evil.example', cookie: '__Host-session=whatever' };
    expect((await send({ items }, headers)).status).toBe(200);
    const form = await send({ items }, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['nothing', {}],
    ['no item', { items: [] }],
    ['too many', { items: Array.from({ length: 51 }, () => ({ content: 'AAAA' })) }],
    ['what is no base64', { items: [{ content: 'not base64!' }] }],
    ['a member that nobody knows', { items: [{ content: 'AAAA', trust: 'me' }] }],
    ['half of a holder', { items: [{ content: 'AAAA', holder: { nonce: 'x' } }] }],
  ])('refuses %s as malformed', async (_, body) => {
    const answer = await send(body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });

  it('refuses more than it reads, before it reads', async () => {
    const answer = await send({ items: [{ content: 'A'.repeat(9 * 1024 * 1024) }] });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'request.too-large' });
  });

  it('unpacks no more than it may, of all items together', async () => {
    const noise = randomBytes(40_000);
    const half = new Uint8Array(40 * 1024 * 1024);
    for (let at = 0; at < half.length; at += 1024 * 1024) half.set(noise, at);
    const content = Buffer.from(zipSync({ mimetype: half }, { level: 1 })).toString('base64');
    expect(content.length).toBeLessThan(4 * 1024 * 1024);
    const answer = answerShape.parse(await (await send({ items: [{ content }, { content }] })).json());
    expect(answer.items.map((one) => one.problem?.code ?? one.kind)).toEqual(['container', 'file.too-large']);
    expect(answer.outcome).toBe('invalid');
  });

  it('counts requests by network address, and says when to come again', async () => {
    const items = [{ content: textContent('hello') }];
    const answers = [];
    for (let sent = 0; sent < 200; sent++) {
      const answer = await send({ items });
      answers.push(answer.status);
      if (answer.status === 429) {
        expect(answer.headers.get('ratelimit')).not.toBeNull();
        break;
      }
    }
    expect(answers.at(-1)).toBe(429);
  });
});
