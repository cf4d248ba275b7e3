import { assetPath } from '../web/assets.ts';
import { Actions, ButtonLink } from '../web/components/button.tsx';
import { Icon } from '../web/components/icon.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { CodeForm } from './code-form.tsx';
import { walletVerifierPath } from './wallet/verifier-name.ts';

export const trustPath = '/verify/trust.json';

/** The script does the work (browser/verify.ts); the form is hidden until it is there. */
export function VerifyPage({ frame }: { readonly frame: PageFrame }) {
  const { locale } = frame;
  const title = t(locale, 'verifier.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} scripts={['verify.js']} width="narrow">
      <PageHead title={title} lead={t(locale, 'verify.lead')} />
      <noscript>
        <div class="banner banner-warning">
          <p>{t(locale, 'verify.no-script')}</p>
          <ul>
            <li>{t(locale, 'verify.by-command')}</li>
            <li>
              <a href="/api">{t(locale, 'verify.by-api')}</a>
            </li>
            <li>{t(locale, 'verify.by-hand')}</li>
          </ul>
        </div>
      </noscript>
      <form class="form upload-ready" data-verify data-trust={trustPath} data-worker={assetPath('verify.js')} hidden>
        <div class="drop" data-drop>
          <p class="drop-text">{t(locale, 'verify.drop')}</p>
          <label class="label" for="verify-file">
            {t(locale, 'verify.files')}
          </label>
          <input
            class="input input-file"
            id="verify-file"
            type="file"
            multiple
            data-verify-files
            aria-describedby="verify-limit"
          />
          <p class="hint" id="verify-limit">
            {t(locale, 'verify.files-hint')}
          </p>
        </div>
        <div class="field">
          <label class="label" for="verify-text">
            {t(locale, 'verify.paste')}
          </label>
          <p class="hint" id="verify-text-hint">
            {t(locale, 'verify.paste-hint')}
          </p>
          <textarea class="input" id="verify-text" rows={4} spellcheck={false} aria-describedby="verify-text-hint" />
        </div>
        <Actions>
          <button type="submit" class="button button-secondary">
            <span>{t(locale, 'verify.button')}</span>
          </button>
          <button type="button" class="button button-text" data-verify-camera aria-pressed="false" hidden>
            <span>{t(locale, 'verify.camera')}</span>
          </button>
        </Actions>
        <video class="verify-video" data-verify-video aria-label={t(locale, 'verify.video')} muted playsinline hidden />
      </form>
      <div class="no-print">
        <Section title={t(locale, 'code.title')} lead={t(locale, 'code.lead')}>
          <CodeForm locale={locale} />
        </Section>
      </div>
      <Section title={t(locale, 'verify.results')}>
        <p role="status" data-verify-news>
          {t(locale, 'verify.none')}
        </p>
        <div class="actions" data-verify-tools hidden>
          <button type="button" class="button button-text" data-verify-print>
            <Icon name="print" />
            <span>{t(locale, 'verify.print')}</span>
          </button>
        </div>
        <div
          class="verify-results"
          data-verify-results
          tabindex={-1}
          aria-label={t(locale, 'verify.results')}
          role="group"
        />
      </Section>
      <div class="no-print">
        <p>
          <a href={walletVerifierPath}>{t(locale, 'wallet-verifier.link')}</a>
        </p>
        <Section title={t(locale, 'verify.offline')} lead={t(locale, 'verify.offline-lead')}>
          <Actions>
            <ButtonLink kind="secondary" icon="download" href="/verify.html" download>
              {t(locale, 'verify.save')}
            </ButtonLink>
            <ButtonLink kind="text" icon="download" href={trustPath} download>
              {t(locale, 'verify.trust')}
            </ButtonLink>
          </Actions>
        </Section>
      </div>
    </Page>
  );
}
