import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCredential } from '../../src/crypto/sd-jwt/issue.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { typeOf } from '../../src/records/credential-type.ts';
import { createHolder, day, type Holder } from '../crypto/support/credentials.ts';
import { presentByWallet } from '../support/wallet.ts';
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
});
