import { customType, timestamp } from 'drizzle-orm/pg-core';

/** A `bytea` column as plain bytes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
});

/** A moment, with its time zone. */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true });
}
