import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { systemScope } from '../../src/database/scope.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { organisations } from '../../src/directory/tables.ts';
import { signCertificateProof } from '../../src/records/certificate-proof.ts';
import { certificateStatement } from '../../src/records/certificate-statement.ts';
import { enterPupil, openOffice } from '../certificates/support/office.ts';
import { bodyOf } from '../hostile/support/procedure.ts';
import { openSessionOf, type Session } from '../support/session.ts';
import { codesOn } from './support/offline-verifier.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

const office = '/api/certificate-requests';

describe('a certificate on paper, and what becomes of it', () => {
  let world: BrowserWorld;
  let clerk: Session;
  let principal: Session;
  let entryId: string;

  beforeAll(async () => {
    world = await openBrowserWorld();
    const as = (subject: string) => openSessionOf(world.origin, subject);
    [clerk, principal] = await Promise.all([as('juniorHigh-clerk'), as('juniorHigh-principal')]);
    await openOffice({ as });
    await openOffice({ as }, [], 'cityHigh');
    entryId = await enterPupil({ as }, 'pupil-01');
  }, 240_000);
  afterAll(() => world?.close());

  async function issue(): Promise<{ readonly requestId: string; readonly certificateId: string }> {
    const wish = { kind: 'enrolmentCertificate', language: 'ja', copies: 1, purpose: 'other' };
    const { id } = bodyOf(await clerk.json('POST', office, { ...wish, entryId, agentReference: '委任 1' }));
    bodyOf(await clerk.json('POST', `${office}/${id}/check`));
    bodyOf(await principal.json('POST', `${office}/${id}/approval`));
    return { requestId: id, certificateId: await issuedOf(id) };
  }
  function issuedOf(requestId: string): Promise<string> {
    return vi.waitFor(
      async () => {
        const { request } = (await clerk.json('GET', `${office}/${requestId}`)).body as never as {
          request: { state: string; certificates: readonly { id: string }[] };
        };
        const [first] = request.certificates;
        if (first === undefined) throw new Error(`still ${request.state}`);
        return first.id;
      },
      { timeout: 30_000, interval: 200 },
    );
  }
  /** The file and its two codes, as files: the second as the camera reads it. */
  async function paperOf(certificateId: string) {
    const answer = await clerk.send('GET', `/api/issued-certificates/${certificateId}`);
    const pdf = new Uint8Array(await answer.arrayBuffer());
    const [attached] = (await PDFDocument.load(pdf, { updateMetadata: false })).getAttachments();
    const statement = certificateStatement.parse(JSON.parse(Buffer.from(attached?.data ?? []).toString()));
    const key = world.seals.get(demoOrganisations.juniorHigh.code);
    if (key === undefined) throw new Error('no seal');
    const token = await signCertificateProof(statement, await webCryptoSigner(key.pkcs8, key.chain, key.algorithm));
    const pdfPath = join(world.folder, `${certificateId}.pdf`);
    const codePath = join(world.folder, `${certificateId}.txt`);
    await writeFile(pdfPath, pdf);
    await writeFile(codePath, `${world.origin}/verify#${token}`);
    return { statement, token, pdfPath, codePath };
  }
  async function verify({ page }: Window, ...paths: readonly string[]) {
    await page.evaluate(`document.querySelector('[data-verify-results]').replaceChildren()`);
    await page.locator('[data-verify-files]').setInputFiles([...paths]);
    await page.locator('[data-verify-results] > section').first().waitFor();
    return codesOn(page);
  }

  it('is verified by its second code, from the address, with the seal and the state of this gateway', async () => {
    const { statement, token } = await paperOf((await issue()).certificateId);
    const anybody = await world.open();
    const asked: string[] = [];
    anybody.page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
    await anybody.go(`/verify#${token}`);
    await anybody.page.locator('[data-code="state.valid"]').waitFor();
    expect(await codesOn(anybody.page)).toEqual([
      ['valid', 'signature.valid', 'issuer.valid', 'issued.valid', 'state.valid'],
    ]);
    // Nothing but the digest of the seal and the code that the gateway itself gave out leaves the browser.
    const code = statement.verifyAt.split('/').at(-1);
    expect(asked.filter((path) => !path.startsWith('/assets/'))).toEqual([
      '/verify',
      '/verify/trust.json',
      expect.stringMatching(/^\/verify\/seals\/[A-Za-z0-9_-]{43}$/),
      `/api/certificate-states/${code}`,
    ]);
    expect(anybody.page.url()).not.toContain('#');
    expect(await anybody.text()).toContain(statement.number);
    expect(await anybody.text()).toContain('紙に書かれていることと見比べてください');
    await anybody.inspect('verify-code-of-certificate');
    await anybody.close();
  }, 200_000);

  it('is told apart from the code of another paper, when the PDF is beside it', async () => {
    const [one, other] = [await paperOf((await issue()).certificateId), await paperOf((await issue()).certificateId)];
    const anybody = await world.open();
    await anybody.go('/verify');
    const [pdf, same] = await verify(anybody, one.pdfPath, one.codePath);
    expect(pdf?.at(-1)).toBe('state.valid');
    expect(same?.at(-1)).toBe('pair.valid');
    const [, wrong] = await verify(anybody, one.pdfPath, other.codePath);
    expect(wrong?.[0]).toBe('invalid');
    expect(wrong?.at(-1)).toBe('pair.invalid pair-other-certificate');
    await anybody.inspect('verify-code-of-another');
    await anybody.close();
  }, 200_000);

  it('gives the chain of a seal to anybody, and one answer for all that is none', async () => {
    const { token } = await paperOf((await issue()).certificateId);
    const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    const found = await fetch(`${world.origin}/verify/seals/${kid}`);
    expect([found.status, found.headers.get('content-type'), found.headers.get('cache-control')]).toEqual([
      200,
      'application/pem-certificate-chain',
      'public, max-age=86400',
    ]);
    expect((await found.text()).match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThanOrEqual(1);
    const bodies = await Promise.all(
      ['A'.repeat(43), 'x', '..%2f', 'é'].map(async (name) => {
        const answer = await fetch(`${world.origin}/verify/seals/${name}`);
        const { type, title } = (await answer.json()) as Record<string, unknown>;
        return { status: answer.status, type, title };
      }),
    );
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(bodies[0]?.status).toBe(404);
  }, 120_000);

  it('is found by the code that somebody types, without script, and a wrong one is told what is wrong', async () => {
    const { statement } = await paperOf((await issue()).certificateId);
    const code = statement.verifyAt.split('/').at(-1) ?? '';
    const anybody = await world.open({ script: false });
    await anybody.go('/verify?lang=ja');
    const typed = (code.toLowerCase().match(/.{4}/g) ?? []).join('－');
    await anybody.page.getByLabel('紙に書かれたコード').fill(`　${typed} `);
    await anybody.press('今の状態を調べる');
    expect(new URL(anybody.page.url()).pathname).toBe(`/c/${code}`);
    expect(await anybody.text()).toContain('この証明書は有効です');
    await anybody.go('/verify?lang=ja');
    await anybody.page.getByLabel('紙に書かれたコード').fill(statement.number);
    await anybody.press('今の状態を調べる');
    expect(await anybody.text()).toContain('これは証明書番号です');
    await anybody.close();
    const seen = await world.open();
    await seen.go('/c?code=ABCD0189');
    await seen.inspectBoth('certificate-code-wrong');
    await seen.go('/c');
    await seen.inspectBoth('certificate-code');
    await seen.go('/verify');
    await seen.inspectBoth('verify-with-code');
    await seen.close();
  }, 200_000);

  it('is replaced for a mistake: the old one leads to the new one, on its page and in the verdict', async () => {
    const { requestId, certificateId } = await issue();
    const old = await paperOf(certificateId);
    const window = await world.openAs('juniorHigh-clerk');
    await window.go(`/certificate-requests/${requestId}`);
    await window.inspectBoth('certificate-request-issued');
    await window.go(`/certificate-requests/${requestId}?lang=ja`);
    await window.page.getByLabel('記載に誤りがあった').check();
    await window.press('新しい証明書の手続きを始める');
    expect(await window.text()).toContain('発行するまで、前の証明書は有効です');
    await window.page.getByRole('link', { name: '葛城　さくら' }).first().click();
    expect(await window.text()).toContain(`${old.statement.number}（記載の誤り）`);
    const replacement = new URL(window.page.url()).pathname.split('/').at(-1) ?? '';
    await window.inspectBoth('certificate-request-replacing');
    bodyOf(await clerk.json('POST', `${office}/${replacement}/check`));
    bodyOf(await principal.json('POST', `${office}/${replacement}/approval`));
    const fresh = await paperOf(await issuedOf(replacement));
    const anybody = await world.open();
    await anybody.go(`${new URL(old.statement.verifyAt).pathname}?lang=ja`);
    expect(await anybody.text()).toContain('新しい証明書に替わっています');
    await anybody.inspectBoth('certificate-state-superseded');
    await anybody.go(`${new URL(old.statement.verifyAt).pathname}?lang=ja`);
    await anybody.page.getByRole('link', { name: new RegExp(fresh.statement.number) }).click();
    expect(await anybody.text()).toContain('この証明書は有効です');
    await anybody.go('/verify');
    const [pdf, code] = await verify(anybody, old.pdfPath, old.codePath);
    expect(pdf?.at(-1)).toBe('state.invalid state-superseded');
    expect(code).toContain('state.invalid state-superseded');
    await anybody.page.getByRole('link', { name: '今の状態を開く' }).first().click();
    expect(await anybody.text()).toContain(fresh.statement.number);
    await Promise.all([window, anybody].map((one) => one.close()));
  }, 300_000);

  it('is revoked by two persons on their pages; declined, taken back and confirmed', async () => {
    const { requestId, certificateId } = await issue();
    const { statement, pdfPath } = await paperOf(certificateId);
    const page = `/certificate-requests/${requestId}?lang=ja`;
    const asker = await world.openAs('juniorHigh-clerk');
    const second = await world.openAs('juniorHigh-principal');
    const ask = async () => {
      await asker.go(page);
      await asker.page.getByLabel('記載の誤り', { exact: true }).check();
      await asker.press('失効を求める');
      expect(await asker.text()).toContain('校長が認めるまでは有効です');
    };
    await ask();
    await second.go(page);
    await second.inspectBoth('certificate-revocation-asked');
    await second.go(page);
    await second.page.getByLabel('記載は正しい').check();
    await second.press('失効させない');
    expect(await second.text()).toContain('引き続き有効です');
    await asker.go(page);
    expect(await asker.text()).toContain('認められませんでした：記載は正しい');
    await asker.inspectBoth('certificate-revocation-declined');
    await ask();
    await asker.go(page);
    await asker.press('求めを取り下げる（求めた人）');
    expect(await asker.text()).toContain('引き続き有効です');
    await ask();
    await second.go(page);
    await second.press('失効を認める');
    expect(await second.text()).toContain('失効させました');
    const anybody = await world.open();
    await anybody.go(new URL(statement.verifyAt).pathname);
    await anybody.inspectBoth('certificate-state-revoked');
    await anybody.go('/verify');
    expect((await verify(anybody, pdfPath))[0]?.at(-1)).toBe('state.invalid state-revoked');
    expect((await readFile(pdfPath)).length).toBeGreaterThan(9_000);
    await Promise.all([asker, second, anybody].map((one) => one.close()));
  }, 300_000);

  it('of a closed school is asked of its successor, on pages that name both', async () => {
    const { statement } = await paperOf((await issue()).certificateId);
    const entry = bodyOf(await clerk.json('GET', `/api/certificate-register/${entryId}`)) as never as {
      facts: { number: string };
    };
    const { juniorHigh, cityHigh } = demoOrganisations;
    await world.database.transaction(systemScope('directory'), (tx) =>
      tx
        .update(organisations)
        .set({ state: 'closed', successorCode: cityHigh.code })
        .where(eq(organisations.code, juniorHigh.code)),
    );
    const anybody = await world.open();
    await anybody.go(`${new URL(statement.verifyAt).pathname}?lang=ja`);
    expect(await anybody.text()).toContain('この証明書は有効です');
    expect(await anybody.text()).toContain(`今の引継ぎ先：${cityHigh.name}`);
    await anybody.inspectBoth('certificate-state-closed');
    const heir = await world.openAs('cityHigh-clerk');
    await heir.go(`/certificate-register?number=${encodeURIComponent(entry.facts.number)}&lang=ja`);
    expect(await heir.text()).toContain(juniorHigh.name);
    await heir.page.getByRole('link', { name: /さくら/ }).click();
    expect(await heir.page.getByRole('button', { name: '保存する' }).count()).toBe(0);
    const inherited = new URL(heir.page.url()).pathname;
    await heir.inspectBoth('certificate-register-inherited');
    await heir.go(`${inherited}?lang=ja`);
    await heir.page.getByLabel('ふりがな').fill('かつらき　さくら');
    await heir.page.getByLabel('本人が証拠の書類を示した').check();
    await heir.page.getByLabel('根拠の書類の番号').fill('訂正 1');
    await heir.press('訂正する');
    await heir.go(`${inherited}?lang=ja`);
    expect(await heir.text()).toContain('閉校後の訂正');
    expect(await heir.text()).toContain('訂正 1');
    await heir.inspectBoth('certificate-register-corrected');
    await heir.go(`${inherited}?lang=ja`);
    await heir.page.getByRole('link', { name: '代理人の請求を登録する' }).click();
    await heir.page.getByLabel('在学証明書').check();
    await heir.page.getByLabel('使いみち').selectOption('就職');
    await heir.page.getByLabel('委任状のつづりの番号').fill('委任 2');
    await heir.press('請求を登録する');
    await heir.page.getByText('請求を登録しました').waitFor();
    await heir.page.locator('tbody a').first().click();
    expect(await heir.text()).toContain(`（${juniorHigh.name}は閉校した。`);
    await heir.inspectBoth('certificate-request-inherited');
    await Promise.all([anybody, heir].map((one) => one.close()));
  }, 300_000);
});
