import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { Section } from '../../web/components/section.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';

/** What was agreed to, as a file that anybody can verify. `action` gives it. */
export function ConsentPart({ locale, action }: { readonly locale: Locale; readonly action: string }) {
  return (
    <Section title={t(locale, 'consent-file.title')} lead={t(locale, 'consent-file.lead')}>
      <Actions>
        <ButtonLink kind="secondary" href={action} icon="download">
          {t(locale, 'consent-file.save')}
        </ButtonLink>
      </Actions>
    </Section>
  );
}
