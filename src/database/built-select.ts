import {
  type Column,
  fillPlaceholders,
  getTableColumns,
  type Placeholder,
  type Query,
  type SQL,
  sql,
} from 'drizzle-orm';
import { type AnyPgTable, QueryBuilder } from 'drizzle-orm/pg-core';
import type { Transaction } from './connection.ts';
import type { Handle } from './handle.ts';

/** The place of a value that is given at each call. */
export type Place<Values> = (name: keyof Values & string) => Placeholder;

/**
 * Whole rows of one table, by a query that is built once: drizzle builds a query anew at every call, column by column,
 * which was a sixth of the processor time of a download. `finish` adds conditions and order to `select … from table`.
 * Values are such as the driver takes as they are; a place is not encoded by its column.
 */
export function buildSelect<
  T extends AnyPgTable,
  Values extends Readonly<Record<string, string | number | boolean>>,
  Computed extends object = object,
>(
  table: T,
  finish: (rows: RowsOf, value: Place<Values>) => { toSQL(): Query },
  /** Texts computed beside the columns, by name. */
  computed: { readonly [Name in keyof Computed]: SQL<Computed[Name]> } = noneComputed(),
): (tx: Transaction, values: Values) => Promise<(T['$inferSelect'] & Computed)[]> {
  const columns: readonly (readonly [string, Reader])[] = [
    ...Object.entries<Column>(getTableColumns(table)),
    ...Object.keys(computed).map((name) => [name, asItIs] as const),
  ];
  const query = finish(rowsOf(table, computed), (name) => sql.placeholder(name)).toSQL();
  return async (tx, values) => {
    const rows = await statementsOf(tx).unsafe(query.sql, fillPlaceholders(query.params, values)).values();
    // Sound: the columns of the table in their order, each read by its own column, as drizzle does it.
    return Array.from(rows, (row) => toRow(columns, row as unknown as readonly unknown[])) as (T['$inferSelect'] &
      Computed)[];
  };
}

/** Makes of what the driver gives what the row holds. */
type Reader = Pick<Column, 'mapFromDriverValue'>;

const asItIs: Reader = { mapFromDriverValue: (value) => value };

function noneComputed() {
  // Sound: without a third type argument no text is computed.
  return {} as never;
}

type RowsOf = ReturnType<typeof rowsOf>;

function rowsOf(table: AnyPgTable, computed: Readonly<Record<string, SQL>>) {
  return new QueryBuilder().select({ ...getTableColumns(table), ...computed }).from(table);
}

/** The guarded handle under drizzle's transaction (transaction.ts), or that of a savepoint in it. */
function statementsOf(tx: Transaction): Handle {
  // Sound: drizzle's transaction keeps the client that it was begun with there; its type hides it.
  return (tx as unknown as { readonly session: { readonly client: Handle } }).session.client;
}

function toRow(columns: readonly (readonly [string, Reader])[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  columns.forEach(([name, column], index) => {
    const value = values[index];
    row[name] = value === null || value === undefined ? null : column.mapFromDriverValue(value);
  });
  return row;
}
