import type { Clock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import type { KeyService } from '../keys/service.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { OrganisationKeyCache } from './organisation-key-cache.ts';

/** What the locker is built of. */
export interface LockerParts {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly keys: KeyService;
  readonly clock: Clock;
  readonly cache: OrganisationKeyCache;
}
