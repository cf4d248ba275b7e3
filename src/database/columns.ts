import { customType } from 'drizzle-orm/pg-core';

/** A `bytea` column as plain bytes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
});
