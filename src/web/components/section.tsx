import type { Child } from 'hono/jsx';

interface PageHeadProps {
  readonly title: Child;
  /** A line above the title: what kind of thing this is, or its number. */
  readonly kicker?: Child;
  readonly lead?: Child;
  /** A StatusChip, when the page shows one thing. */
  readonly status?: Child;
  readonly actions?: Child;
}

/** The one `h1` of a page, what the page is for, and the action most people came for. */
export function PageHead({ title, kicker, lead, status, actions }: PageHeadProps) {
  return (
    <div class="page-head">
      <div class="page-head-text">
        {kicker && <p class="kicker">{kicker}</p>}
        <h1>{title}</h1>
        {status && <p class="page-head-status">{status}</p>}
        {lead && <p class="lead">{lead}</p>}
      </div>
      {actions && <div class="page-head-actions">{actions}</div>}
    </div>
  );
}

interface SectionProps {
  readonly title: Child;
  readonly id?: string;
  readonly lead?: Child;
  readonly children: Child;
}

export function Section({ title, id, lead, children }: SectionProps) {
  return (
    <section class="section" id={id}>
      <h2>{title}</h2>
      {lead && <p class="section-lead">{lead}</p>}
      {children}
    </section>
  );
}

interface CardProps {
  readonly title?: Child;
  /** Of the heading: 3 inside a Section. */
  readonly level?: 2 | 3;
  readonly children: Child;
}

/** A box around things that belong together. */
export function Card({ title, level = 2, children }: CardProps) {
  const Heading = `h${level}` as const;
  return (
    <div class="card">
      {title && <Heading class="card-title">{title}</Heading>}
      {children}
    </div>
  );
}

/** Children side by side where there is room, below each other where there is not. */
export function Columns({ children }: { readonly children: Child }) {
  return <div class="columns">{children}</div>;
}
