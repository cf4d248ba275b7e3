import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCredential } from '../../src/crypto/sd-jwt/issue.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { typeOf } from '../../src/records/credential-type.ts';
import { enterPupil, openOffice } from '../certificates/support/office.ts';
import { createHolder, day, type Holder } from '../crypto/support/credentials.ts';
import { openSessionOf } from '../support/session.ts';
import { presentByWallet } from '../support/wallet.ts';
import { openWallet } from '../support/wallet-issue.ts';
import { linkPupil, logInByCard } from './support/linked-pupil.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('a certificate in a wallet', () => {
  let world: BrowserWorld;
  let holder: Holder;
  beforeAll(async () => {
    world = await openBrowserWorld();
    holder = await createHolder();
  }, 240_000);
  afterAll(() => world?.close());

  async function credentialOf(school: string): Promise<string> {
    const seal = world.seals.get(school);
    if (seal === undefined) throw new Error('no seal');
    return issueCredential({
      issuer: `https://hikitsugi.example/schools/${school}`,
      type: typeOf(world.origin, 'transcript'),
      issuedAt: new Date(Date.now() - 60_000),
      expiresAt: new Date(Date.now() + 30 * day),
      holder: holder.jwk,
      status: null,
      open: { school_code: school, document_kind: 'transcript' },
      fields: { official_name: '見本　花子', subjects: [{ school_year: 2025, name: '国語', grade: 5 }] },
      signer: await webCryptoSigner(seal.pkcs8, seal.chain, 'ES256'),
    });
  }

  it.each([
    ['with script, which sees the answer by itself', true],
    ['without script', false],
  ])(
    'is asked for at a desk, shown by its holder and verified, %s',
    async (_how, script) => {
      const desk = await world.open({ script });
      const { page } = desk;
      await desk.go('/verify?lang=ja');
      await page.getByRole('link', { name: 'ウォレットの証明書を確かめる' }).click();
      if (script) await desk.inspectBoth('wallet-ask');
      await desk.go('/verify/wallet?lang=ja');
      await page.getByLabel('証明書の種類').selectOption('成績証明書');
      await page.getByLabel('科目と成績').check();
      await desk.tabTo(/^依頼を作る$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'ウォレットでの提示を待っています' }).waitFor();
      if (script) await desk.inspectBoth('wallet-waiting');
      await desk.go(`${new URL(page.url()).pathname}?lang=ja`);
      const link = (await page.getByRole('link', { name: 'この端末のウォレットで開く' }).getAttribute('href')) ?? '';
      const credential = await credentialOf(demoOrganisations.cityHigh.code);
      const { submit } = await presentByWallet(link, { credential, holder });
      const { redirect_uri: uri = '' } = (await submit()).body;

      const phone = await world.open({ script });
      await phone.go(new URL(uri).pathname);
      if (script) await phone.inspectBoth('wallet-number');
      const number = (await phone.page.locator('.code-value').textContent())?.trim() ?? '';
      await phone.close();

      if (!script) await page.getByRole('link', { name: '届いたかどうかを見る' }).click();
      await page.getByLabel('確認番号').waitFor();
      if (script) await desk.inspectBoth('wallet-answered');
      await desk.go(`${new URL(page.url()).pathname}?lang=ja`);
      await page.getByLabel('確認番号').fill(number === '000000' ? '111111' : '000000');
      await desk.press('内容を見る');
      await page.getByText('番号が違います').waitFor();
      if (script) await desk.inspect('wallet-number-wrong');
      await page.getByLabel('確認番号').fill(number);
      await desk.press('内容を見る');
      await page.getByRole('heading', { name: '提示された証明書' }).waitFor();
      expect(await desk.text()).toContain('国語');
      if (script) await desk.inspectBoth('wallet-released');
      await desk.close();
    },
    400_000,
  );

  it('is put into a wallet by its holder: by code and number, and by the wallet’s own way over the log-in', async () => {
    const office = { as: (subject: string) => openSessionOf(world.origin, subject) };
    await openOffice(office, ['transcript']);
    const subjects = [{ schoolYear: 2025, name: '国語', credits: null, grade: 5 }];
    await enterPupil(office, 'pupil-01', { subjects });
    const pupil = await logInByCard(world);
    await linkPupil(world, pupil);
    const { page } = pupil;
    await pupil.go('/own-certificates/new?lang=ja');
    await page.getByLabel('成績証明書').check();
    await page.getByLabel('通数').fill('1');
    await page.getByLabel('使いみち').selectOption('留学');
    await page.getByLabel('選んだ種類の証明書に書かれることを').check();
    await pupil.press('この内容で請求する');
    await page.getByRole('link', { name: '成績証明書' }).first().click();
    for (let tries = 0; tries < 100 && !(await pupil.text()).includes('発行済み'); tries += 1) await page.reload();
    await pupil.inspectBoth('wallet-own-certificate');
    const own = new URL(page.url()).pathname;

    for (const lang of ['en', 'ja']) {
      await pupil.go(`${own}?lang=${lang}`);
      await pupil.tabTo(lang === 'ja' ? /^QRコードを出す/ : /^Show the QR code/);
      await page.keyboard.press('Enter');
      await page.locator('#wallet-pin').waitFor();
      await pupil.inspect(`wallet-offer-${lang}`);
    }
    const link = (await page.getByRole('link', { name: 'この端末のウォレットで開く' }).getAttribute('href')) ?? '';
    const pin = (await page.locator('#wallet-pin').textContent())?.trim() ?? '';
    const wallet = await openWallet(link, holder);
    expect(await wallet.collect(await wallet.redeem(pin))).toContain('~');

    await pupil.go(`${own}?lang=ja`);
    await page.getByRole('button', { name: /^QRコードを出す/ }).click();
    const second = (await page.getByRole('link', { name: 'この端末のウォレットで開く' }).getAttribute('href')) ?? '';
    const other = await openWallet(second, holder);
    const begun = await other.client.createAuthorizationRequestUrlFromOffer({
      credentialOffer: other.credentialOffer,
      issuerMetadata: other.issuerMetadata,
      clientId: 'wallet-of-a-test',
      redirectUri: 'https://wallet.example/back',
      scope: other.kind,
    });
    const { pathname, search } = new URL(begun.authorizationRequestUrl);
    await pupil.go(`${pathname}${search}&lang=ja`);
    await pupil.inspectBoth('wallet-consent');
    await pupil.press('このウォレットに渡す');
    await page.getByRole('heading', { name: 'ウォレットに戻る' }).waitFor();
    await pupil.inspect('wallet-back');
    expect(await page.getByRole('link', { name: 'ウォレットに戻る' }).getAttribute('href')).toMatch(
      /^https:\/\/wallet\.example\/back\?code=/,
    );
    await pupil.close();
  }, 400_000);
});
