import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import { Actions, Button } from '../../web/components/button.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';

interface OpenProps {
  readonly frame: PageFrame;
  readonly reason: Fault | null;
}

/** Looks the same whatever the link: nothing is looked up before somebody presses the button. */
export function OpenPage({ frame, reason }: OpenProps) {
  const { locale, path } = frame;
  const title = t(locale, 'shared.open-title');
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead title={title} lead={t(locale, 'shared.open-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Form locale={locale} action={path}>
        <TextField
          locale={locale}
          name="pin"
          label={t(locale, 'shared.pin')}
          hint={t(locale, 'shared.pin-hint')}
          width="short"
          inputmode="numeric"
          maxlength={20}
          code
        />
        <Actions>
          <Button>{t(locale, 'shared.open')}</Button>
        </Actions>
      </Form>
      <p class="hint">{t(locale, 'shared.open-log')}</p>
    </Page>
  );
}
