import type { Child } from 'hono/jsx';

export interface SummaryRow {
  readonly label: Child;
  readonly value: Child;
  /** A link that changes the value; `about` completes its name for those who hear it: 変更（送付先）. */
  readonly change?: { readonly href: string; readonly label: string; readonly about: string };
}

/** Facts about one thing, label and value. */
export function SummaryList({ rows }: { readonly rows: readonly SummaryRow[] }) {
  return (
    <dl class="summary">
      {rows.map(({ label, value, change }) => (
        <div class="summary-row">
          <dt>{label}</dt>
          <dd>
            <div class="summary-value">{value}</div>
            {change && (
              <a class="summary-change" href={change.href}>
                {change.label}
                <span class="visually-hidden"> ({change.about})</span>
              </a>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
