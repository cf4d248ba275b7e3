/**
 * # Components
 *
 * Small functions over `hono/jsx`, rendered on the server only. Rules that hold for every one of them:
 *
 * - No inline style, no inline script, no event attribute: the Content-Security-Policy forbids them.
 * - They work without script; `assets/` adds progress, copy buttons and protection against double clicks.
 * - Text that is the page's own comes in as children or props, already in the reader's language (`t(locale, …)`).
 *   A component that says words of its own takes `locale`.
 * - Colour never stands alone: a tone always brings an icon, and a word.
 *
 * | want | take | file |
 * | --- | --- | --- |
 * | a page | `Page` | ../layout.tsx |
 * | title, lead and the main action of a page | `PageHead` | section.tsx |
 * | a heading with its content, a card, side by side | `Section`, `Card`, `Columns` | section.tsx |
 * | a button, a link that looks like one, a row of them | `Button`, `ButtonLink`, `Actions` | button.tsx |
 * | a form | `Form`, then fields, then `Actions` | form.tsx |
 * | fields | `TextField`, `TextArea`, `SelectField`, `RadioField`, `CheckField`, `DateField`, `FileField` | fields.tsx, choices.tsx |
 * | what is wrong with a form, on top of it | `ErrorSummary` | form.tsx |
 * | a question before something final | `ConfirmBox` | confirm-box.tsx |
 * | files with progress | `DropZone` | drop-zone.tsx |
 * | rows of the same kind | `DataTable` (cards on a phone), `Pagination`, `EmptyState` | table.tsx, pagination.tsx |
 * | facts about one thing | `SummaryList` | summary-list.tsx |
 * | how far a thing is | `StatusChip`, `Steps` | status.tsx, steps.tsx |
 * | news for the reader | `Banner` | status.tsx |
 * | results of a verification | `VerdictList` | verdicts.tsx |
 * | who did what when | `Timeline` | timeline.tsx |
 * | a code to copy or read out | `CodeBox` | code-box.tsx |
 *
 * A page in full:
 *
 * ```tsx
 * <Page {...frame} title="受信箱" breadcrumbs={[{ label: '受信箱' }]}>
 *   <PageHead title="受信箱" lead="届いた記録です。" />
 *   <DataTable caption="届いた記録" columns={columns} rows={cases} rowKey={(row) => row.id} empty={…} />
 * </Page>
 * ```
 */
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';
