import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { fault } from '../../faults.ts';
import { sendProblemPage } from '../../identity/frame.tsx';
import { verbContext } from '../../transfers/context.ts';
import { formValues } from '../../transfers/form-values.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { Section } from '../../web/components/section.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { CopyView } from '../requests/view.ts';
import { collectCredential } from './collect-credential.ts';
import { exportTranscript } from './export-transcript.ts';
import { exportFormats } from './rules.ts';
import { sendCredential, sendExport } from './send-credential.ts';

/** Taking a credential by a form, which answers with the file. */
export function credentialPages(app: OpenAPIHono<AppEnv>): void {
  app.post('/issued-certificates/:certificateId/credentials', async (c) => {
    const input = { certificateId: c.req.param('certificateId'), proof: null };
    const result = await collectCredential(await verbContext(c), input);
    return result.ok ? sendCredential(c, result.value) : sendProblemPage(c, result.fault);
  });
  app.post('/issued-certificates/:certificateId/exports', async (c) => {
    const values = await formValues(c);
    const format = exportFormats.find((one) => one === values['format']);
    if (format === undefined) return sendProblemPage(c, fault('request.malformed'));
    const input = { certificateId: c.req.param('certificateId'), format };
    const result = await exportTranscript(await verbContext(c), input);
    return result.ok ? sendExport(c, result.value, format) : sendProblemPage(c, result.fault);
  });
}

interface CredentialPartProps {
  readonly locale: Locale;
  readonly certificates: readonly CopyView[];
}

/** On the own page of a certificate: the same as data, for each copy that counts. */
export function CredentialPart({ locale, certificates }: CredentialPartProps) {
  const counting = certificates.filter(({ state }) => state === 'valid');
  if (counting.length === 0) return null;
  return (
    <Section title={t(locale, 'credential.section')} lead={t(locale, 'credential.section-lead')}>
      <p>{t(locale, 'credential.bearer-text')}</p>
      {counting.map(({ id, number, copy }) => (
        <Form locale={locale} action={`/issued-certificates/${id}/credentials`}>
          <Actions>
            <Button kind="secondary" icon="download">
              {t(locale, 'credential.download')} {t(locale, 'own-certificate.download-copy', { number, copy })}
            </Button>
          </Actions>
        </Form>
      ))}
      <Exports locale={locale} transcripts={counting.filter(({ kind }) => kind === 'transcript')} />
    </Section>
  );
}

interface ExportsProps {
  readonly locale: Locale;
  readonly transcripts: readonly CopyView[];
}

function Exports({ locale, transcripts }: ExportsProps) {
  if (transcripts.length === 0) return null;
  return (
    <>
      <h3>{t(locale, 'credential.exports')}</h3>
      <p>{t(locale, 'credential.exports-text')}</p>
      {exportFormats.map((format) => (
        <>
          <p>{t(locale, `credential.${format}-text`)}</p>
          {transcripts.map(({ id, number, copy }) => (
            <Form locale={locale} action={`/issued-certificates/${id}/exports`} hidden={{ format }}>
              <Actions>
                <Button kind="secondary" icon="download">
                  {t(locale, `credential.${format}`)} {t(locale, 'own-certificate.download-copy', { number, copy })}
                </Button>
              </Actions>
            </Form>
          ))}
        </>
      ))}
    </>
  );
}
