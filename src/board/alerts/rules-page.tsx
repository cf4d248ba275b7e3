import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import { Actions, Button } from '../../web/components/button.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { Card, PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { RuleView } from './change-threshold.ts';
import { type AlertRuleId, ruleOf } from './rule-table.ts';

interface RulesPageProps {
  readonly frame: PageFrame;
  readonly rules: readonly RuleView[];
  readonly refused: { readonly rule: string; readonly typed: string; readonly reason: Fault } | null;
  readonly saved: AlertRuleId | null;
}

/** Every rule with what it counts; where a board may choose from how many on it is told, it chooses here. */
export function RulesPage(props: RulesPageProps) {
  const { frame, rules, refused, saved } = props;
  const { locale } = frame;
  const title = t(locale, 'alert.rules');
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'alert.title'), href: '/alerts' }, { label: title }]}
      width="narrow"
    >
      <PageHead title={title} lead={t(locale, 'alert.rules-lead')} />
      {refused !== null && <FaultBanner locale={locale} reason={refused.reason} />}
      {saved !== null && refused === null && (
        <Banner
          locale={locale}
          tone="success"
          title={t(locale, 'alert.saved', { rule: t(locale, `alert.rule-${saved}`) })}
        />
      )}
      {rules.map((rule) => (
        <Rule {...props} rule={rule} />
      ))}
    </Page>
  );
}

function Rule({ frame: { locale }, rule: view, refused }: RulesPageProps & { readonly rule: RuleView }) {
  const { rule, threshold, usual, least, most } = view;
  const isDays = ruleOf(rule).source.kind === 'waits';
  const typed = refused?.rule === rule ? refused.typed : String(threshold);
  return (
    <Card title={t(locale, `alert.rule-${rule}`)}>
      <p>{t(locale, `alert.text-${rule}`)}</p>
      {least === most ? (
        <p class="hint">{t(locale, 'alert.always')}</p>
      ) : (
        <Form locale={locale} action={`/alert-rules/${rule}`} inline>
          <TextField
            locale={locale}
            name={`threshold-${rule}`}
            label={t(locale, isDays ? 'alert.from-days' : 'alert.from')}
            hint={t(locale, 'alert.limits', { usual, least, most })}
            value={typed}
            inputmode="numeric"
            width="short"
            required
          />
          <Actions>
            <Button kind="secondary">
              {t(locale, 'alert.set')}
              <span class="visually-hidden"> ({t(locale, `alert.rule-${rule}`)})</span>
            </Button>
          </Actions>
        </Form>
      )}
    </Card>
  );
}
