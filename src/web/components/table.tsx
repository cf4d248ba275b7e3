import type { Child } from 'hono/jsx';

export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => Child;
  /** The cell that names the row; the first column unless told. */
  readonly heading?: true;
  /** Numbers stand at the end. */
  readonly align?: 'end';
}

interface DataTableProps<Row> {
  /** Says what the table holds; read by assistive technology, seen only when `showCaption`. */
  readonly caption: string;
  readonly showCaption?: true;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Shown instead of an empty table: an EmptyState. */
  readonly empty?: Child;
}

/**
 * Rows of the same kind. On a phone each row becomes a card, and each cell says its column's name;
 * the roles are written out because `display: block` would take them away.
 */
export function DataTable<Row>({ caption, showCaption, columns, rows, empty }: DataTableProps<Row>) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  const headingIndex = Math.max(
    columns.findIndex((column) => column.heading),
    0,
  );
  return (
    <div class="table-frame">
      <table class="table" role="table">
        <caption class={showCaption ? 'caption' : 'visually-hidden'}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th scope="col" role="columnheader" class={column.align && 'end'}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row">
              {columns.map((column, index) => (
                <Cell column={column} row={row} heading={index === headingIndex} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly heading: boolean;
}

function Cell<Row>({ column, row, heading }: CellProps<Row>) {
  if (heading) {
    return (
      <th scope="row" role="rowheader" class={column.align && 'end'}>
        {column.cell(row)}
      </th>
    );
  }
  return (
    <td role="cell" data-label={column.header} class={column.align && 'end'}>
      <div>{column.cell(row)}</div>
    </td>
  );
}

interface EmptyStateProps {
  readonly title: Child;
  readonly children?: Child;
  /** The next step: a ButtonLink. */
  readonly action?: Child;
}

/** Says that there is nothing, why, and what to do next. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <div class="empty-text">{children}</div>}
      {action && <div class="empty-action">{action}</div>}
    </div>
  );
}
