/** What the processes of the bench say to each other. */

/** The programs that are measured; each runs in as many processes as there are cores. */
export const serverRoles = ['gateway', 'tus', 'hono'] as const;
export type ServerRole = (typeof serverRoles)[number];

/** What one turn measures. */
export const workloads = ['package', 'content', 'tus', 'honoRaw', 'nginx', 'download', 'honoFile'] as const;
export type Workload = (typeof workloads)[number];

/** What the load generator has to know before its first turn. */
export interface LoadSetup {
  readonly gateway: string;
  readonly tus: string;
  readonly hono: string;
  readonly nginx: string | null;
  readonly connections: number;
  readonly machines: readonly { readonly clientId: string; readonly schoolCode: string; readonly keyFile: string }[];
  /** `sub` of each school's principal at the identity provider. */
  readonly principals: readonly { readonly subject: string; readonly schoolCode: string }[];
  readonly downloads: number;
}

export type LoadJob =
  | { readonly kind: 'setup'; readonly setup: LoadSetup }
  | { readonly kind: 'turn'; readonly workload: Workload; readonly seconds: number; readonly warmUpSeconds: number }
  | { readonly kind: 'large'; readonly to: 'gateway' | 'honoRaw'; readonly bytes: number };

export type LoadReply =
  /** From here on the time counts. */
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured'; readonly result: TurnResult }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface TurnResult {
  readonly done: number;
  readonly seconds: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of the load generator itself, which shares the machine. */
  readonly loadCpuMs: number;
}

/** A server process on itself. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}
