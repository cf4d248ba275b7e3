import { readFile } from 'node:fs/promises';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateStatement } from '../../src/records/certificate-statement.ts';
import { enterPupil, openOffice } from '../certificates/support/office.ts';
import { bodyOf } from '../hostile/support/procedure.ts';
import { openSessionOf } from '../support/session.ts';
import { linkPupil, logInByCard } from './support/linked-pupil.ts';
import { codesOn } from './support/offline-verifier.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('a certificate, from the wish to the file', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
    const office = { as: (subject: string) => openSessionOf(world.origin, subject) };
    await openOffice(office, ['transcript']);
    const subjects = [{ schoolYear: 2025, name: '国語', credits: null, grade: 5 }];
    await enterPupil(office, 'pupil-01', { subjects });
    await enterPupil(office, null, { officialName: '\uE001藤　見本', number: '外字1' });
  }, 240_000);
  afterAll(() => world?.close());

  it('is asked for by the pupil, checked by the clerk, approved by the principal, and taken', async () => {
    const pupil = await logInByCard(world);
    await pupil.go('/own-certificates');
    await pupil.inspectBoth('own-certificates-unlinked');
    await linkPupil(world, pupil);
    const { page } = pupil;
    await pupil.go('/own-certificates?lang=ja');
    await pupil.inspectBoth('own-certificates-none');
    await pupil.go('/own-certificates/new?lang=ja');
    await pupil.inspectBoth('own-certificate-new');
    await pupil.go('/own-certificates/new?lang=ja');
    // Sent empty past the browser's own check: each field says what it wants.
    await page.locator('form[action="/own-certificates"]').evaluate((form) => form.setAttribute('novalidate', ''));
    await pupil.tabTo(/^この内容で請求する$/);
    await page.keyboard.press('Enter');
    await page.getByText('同意しないと請求できません').first().waitFor();
    await pupil.inspect('own-certificate-refused');
    await page.getByLabel('在学証明書').check();
    await page.getByLabel('通数').fill('２');
    await page.getByLabel('使いみち').selectOption('留学');
    await page.getByLabel('選んだ種類の証明書に書かれることを').check();
    await pupil.tabTo(/^この内容で請求する$/);
    await page.keyboard.press('Enter');
    await page.getByText('請求しました').waitFor();
    await pupil.inspectBoth('own-certificates');

    const clerk = await world.openAs('juniorHigh-clerk', { script: false });
    await clerk.go('/certificate-requests?lang=ja');
    await clerk.page.getByRole('link', { name: '葛城　さくら' }).click();
    expect(await clerk.text()).toContain('上記の者は、本校に在学していることを証明する。');
    const request = new URL(clerk.page.url()).pathname;
    const seen = await world.openAs('juniorHigh-clerk');
    await seen.go('/certificate-requests');
    await seen.inspectBoth('certificate-requests');
    await seen.go(request);
    await seen.inspectBoth('certificate-request');
    await clerk.press('台帳と突き合わせ、確認した');
    expect(await clerk.text()).toContain('確認しました');

    const principal = await world.openAs('juniorHigh-principal', { script: false });
    const watched = await world.openAs('juniorHigh-principal');
    await watched.go(request);
    await watched.inspectBoth('certificate-request-approve');
    await principal.go(`${request}?lang=ja`);
    await principal.press('この内容で発行を決裁する');
    expect(await principal.text()).toContain('決裁しました');

    await pupil.go('/own-certificates?lang=ja');
    await page.getByRole('link', { name: '在学証明書' }).first().click();
    for (let tries = 0; tries < 100 && !(await pupil.text()).includes('発行済み'); tries += 1) await page.reload();
    await pupil.inspectBoth('own-certificate-issued');
    await pupil.go(`${new URL(page.url()).pathname}?lang=ja`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /PDFを受け取る.*1通目/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^enrolmentCertificate-\d{4}-\d{6}\.pdf$/);
    const [consent] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '同意の記録を保存する' }).click(),
    ]);
    expect(consent.suggestedFilename()).toMatch(/^consent-[a-z2-7]{26}\.jws\.json$/);
    const anybody = await world.open();
    await anybody.go('/verify?lang=ja');
    const file = { name: 'x.json', mimeType: 'application/json', buffer: await readFile(await consent.path()) };
    await anybody.page.locator('[data-verify-files]').setInputFiles([file]);
    await anybody.page.locator('[data-verify-results] > section').first().waitFor();
    expect(await codesOn(anybody.page)).toEqual([['valid', 'signature.valid', 'issuer.valid', 'statement.valid']]);
    await anybody.page.getByText('書かれていること').click();
    expect(await anybody.text()).toContain('選んだ種類の証明書に書かれることを');
    await anybody.inspect('verify-consent');
    await anybody.close();

    // What the school thinks of doing with it stands on the pupil's page, until it is decided.
    const office = await openSessionOf(world.origin, 'juniorHigh-clerk');
    const own = new URL(page.url()).pathname;
    const { request: issued } = bodyOf(await office.json('GET', `/api${request}`)) as never as {
      request: { certificates: readonly { id: string }[] };
    };
    const revocation = `/api/issued-certificates/${issued.certificates[1]?.id}/revocation`;
    bodyOf(await office.json('POST', revocation, { reason: 'error' }));
    await pupil.go(`${own}?lang=ja`);
    expect(await pupil.text()).toContain('学校が、この証明書の失効を検討しています');
    await pupil.inspectBoth('own-certificate-considered');
    await pupil.go('/own-certificates');
    await pupil.inspectBoth('own-certificates-considered');
    await pupil.go('/links');
    await pupil.page.getByRole('link', { name: /considers revoking|失効を検討しています/ }).waitFor();
    await pupil.inspectBoth('links-certificate-considered');
    const director = await openSessionOf(world.origin, 'juniorHigh-principal');
    bodyOf(await director.json('POST', `${revocation}/refusal`, { reason: 'correct' }));
    await pupil.go(`${own}?lang=ja`);
    expect(await pupil.text()).toContain('引き続き有効です');
    await pupil.inspectBoth('own-certificate-kept');
    bodyOf(await office.json('POST', revocation, { reason: 'error' }));
    bodyOf(await director.json('POST', `${revocation}/confirmation`));
    await pupil.go(`${own}?lang=ja`);
    expect(await pupil.text()).toContain('この証明書は失効しています');
    await pupil.inspectBoth('own-certificate-revoked');
    await pupil.go(`${own}?lang=ja`);
    await page
      .getByText(/を紛失したので、再発行を請求する/)
      .first()
      .click();
    await pupil.inspect('own-certificate-loss');
    await page.getByLabel('選んだ種類の証明書に書かれることを').first().check();
    await page.getByRole('button', { name: '紛失を届け、再発行を請求する' }).first().click();
    await page.getByText('請求しました').waitFor();
    await page.getByRole('link', { name: '在学証明書' }).first().click();
    expect(await pupil.text()).toMatch(/差し替える証明書\d{4}-\d{6}（紛失）/);
    await pupil.inspectBoth('own-certificate-replacing');
    await Promise.all([pupil, clerk, seen, principal, watched].map((window) => window.close()));
  }, 400_000);

  it('is taken as a credential too, and a transcript in the formats of others', async () => {
    const pupil = await logInByCard(world);
    await pupil.go('/own-certificates/new?lang=ja');
    const { page } = pupil;
    await page.getByLabel('成績証明書').check();
    await page.getByLabel('使いみち').selectOption('留学');
    await page.getByLabel('選んだ種類の証明書に書かれることを').check();
    await pupil.press('この内容で請求する');
    await page.getByText('請求しました').waitFor();
    await page.getByRole('link', { name: '成績証明書' }).first().click();
    for (let tries = 0; tries < 100 && !(await pupil.text()).includes('発行済み'); tries += 1) await page.reload();
    const path = new URL(page.url()).pathname;
    await pupil.inspectBoth('own-certificate-credentials');
    const files: string[] = [];
    const paths: string[] = [];
    for (const name of [/^電子証明を受け取る/, /^Open Badges 3\.0/, /^CLR 2\.0/]) {
      await pupil.go(`${path}?lang=ja`);
      await pupil.tabTo(name);
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
      paths.push(await download.path());
      files.push(download.suggestedFilename().replace(/\d{4}-\d{6}/, 'NUMBER'));
    }
    expect(files).toEqual(['transcript-NUMBER.sd-jwt', 'open-badge-NUMBER.jwt', 'clr-NUMBER.jwt']);
    // Whoever is given the credential verifies it here; all that is fetched is whom to believe, and the list of its school.
    const credential = { name: 'x.sd-jwt', mimeType: 'text/plain', buffer: await readFile(paths[0] ?? '') };
    const anybody = await world.open();
    await anybody.go('/verify');
    const sent: string[] = [];
    anybody.page.on('request', (request) => void sent.push(new URL(request.url()).pathname));
    await anybody.page.locator('[data-verify-files]').setInputFiles([credential]);
    await anybody.page.locator('[data-verify-results] > section').first().waitFor();
    expect(await codesOn(anybody.page)).toEqual([
      ['valid', 'signature.valid', 'issuer.valid', 'issued.valid', 'status.valid', 'expiry.valid'],
    ]);
    expect(sent).toEqual([
      '/verify/trust.json',
      '/assets/verify.js',
      expect.stringMatching(/^\/status-lists\/[\w-]{22}$/),
    ]);
    await anybody.inspect('verify-own-credential');
    await Promise.all([pupil.close(), anybody.close()]);
  }, 300_000);

  it('is entered for an agent, and names the character that cannot be printed', async () => {
    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go(`/certificate-register?number=${encodeURIComponent('外字1')}&lang=ja`);
    await clerk.page.getByRole('link', { name: /藤.見本/ }).click();
    await clerk.page.getByRole('link', { name: '代理人の請求を登録する' }).click();
    await clerk.inspectBoth('certificate-request-new');
    await clerk.go(`${new URL(clerk.page.url()).pathname}${new URL(clerk.page.url()).search}&lang=ja`);
    await clerk.page.getByLabel('在学証明書').check();
    await clerk.page.getByLabel('使いみち').selectOption('就職');
    await clerk.page.getByLabel('委任状のつづりの番号').fill('委任 2026-12');
    await clerk.press('請求を登録する');
    await clerk.page.getByText('請求を登録しました').waitFor();
    await clerk.page.getByRole('link', { name: '名簿にいない人' }).click();
    await clerk.page.getByText('（U+E001）を印字できません').waitFor();
    expect(await clerk.page.getByRole('button', { name: '台帳と突き合わせ、確認した' }).count()).toBe(0);
    await clerk.inspectBoth('certificate-request-cannot');
    await clerk.close();
  }, 300_000);

  it('tells its state to whoever has the code, in both languages, and of a wrong code that there is none', async () => {
    const session = await openSessionOf(world.origin, 'juniorHigh-clerk');
    const list = await session.json('GET', '/api/certificate-requests?state=issued');
    const path = `/api/issued-certificates/${list.body.items[0]?.certificates[0]?.id}`;
    const pdf = new Uint8Array(await (await session.send('GET', path)).arrayBuffer());
    const [attached] = (await PDFDocument.load(pdf, { updateMetadata: false })).getAttachments();
    const statement = certificateStatement.parse(JSON.parse(Buffer.from(attached?.data ?? []).toString()));
    const anybody = await world.open();
    await anybody.go(new URL(statement.verifyAt).pathname);
    expect(await anybody.text()).toContain(statement.number);
    expect(await anybody.text()).not.toContain('さくら');
    await anybody.inspectBoth('certificate-state');
    await anybody.go('/c/AAAAAAAAAAAAAAAA');
    expect(await anybody.text()).toMatch(/その証明書は見つかりません|There is no such certificate/);
    await anybody.close();
  }, 200_000);
});
