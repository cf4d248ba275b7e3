import { DrizzleQueryError } from 'drizzle-orm';
import postgres from 'postgres';

/** PostgreSQL refused a statement. Carries names of ours and the SQLSTATE, never values: errors end up in logs. */
export class StatementFailed extends Error {
  readonly code: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;

  constructor(reason: postgres.PostgresError) {
    super(describe(reason));
    this.name = 'StatementFailed';
    this.code = reason.code;
    this.constraint = reason.constraint_name ?? null;
    this.table = reason.table_name ?? null;
    this.column = reason.column_name ?? null;
  }
}

/** The connection is gone: nothing of the transaction has been stored. */
export class ConnectionLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionLost';
  }
}

/** The connection was lost while COMMIT was under way: read again by idempotency key, never repeat blindly. */
export class CommitUnknown extends Error {
  readonly transaction: string;

  constructor(transaction: string, cause: unknown) {
    super(`It is not known whether transaction ${transaction} was stored`, { cause });
    this.name = 'CommitUnknown';
    this.transaction = transaction;
  }
}

/** Every client was busy for the whole deadline. */
export class PoolExhausted extends Error {
  constructor(waitedMs: number) {
    super(`No database client became free within ${waitedMs} ms`);
    this.name = 'PoolExhausted';
  }
}

/** Worth 503 and a later try, in contrast to a defect. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return error instanceof ConnectionLost || error instanceof CommitUnknown || error instanceof PoolExhausted;
}

/** The SQLSTATE behind an error, also through drizzle's wrapping; null when it is not a refused statement. */
export function sqlState(error: unknown): string | null {
  const inner = withoutStatement(error);
  return inner instanceof StatementFailed ? inner.code : null;
}

/** True when this very constraint was violated. Never show the outside which one (P-05). */
export function violates(error: unknown, constraint: string): boolean {
  const inner = withoutStatement(error);
  return inner instanceof StatementFailed && inner.code.startsWith('23') && inner.constraint === constraint;
}

/** drizzle's error holds the statement and its values in its message; what lies inside does not. */
export function withoutStatement(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
}

function describe(reason: postgres.PostgresError): string {
  // Class 22 quotes the offending value ("invalid input syntax for type uuid: …"); the others name our own objects.
  const text = reason.code.startsWith('22') ? 'a value does not fit its type' : reason.message;
  return `${reason.code}: ${text}`;
}
