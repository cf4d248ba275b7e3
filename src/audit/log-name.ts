/** One log per school year. */
export interface LogName {
  /** First line of its checkpoints and name of its key, e.g. `hikitsugi.example/log/2026`. */
  readonly origin: string;
  /** Where its tiles lie in the object store, e.g. `log/2026`. */
  readonly prefix: string;
}

/** The log in which an act of this instant belongs; `base` is the gateway's own, e.g. `hikitsugi.example/log`. */
export function logAt(base: string, at: Date): LogName {
  return logOfYear(base, schoolYearAt(at));
}

export function logOfYear(base: string, year: number): LogName {
  return { origin: `${base}/${year}`, prefix: `log/${year}` };
}

/** 年度: from 1 April in Japan, which is UTC+9 all the year. */
export function schoolYearAt(at: Date): number {
  const inJapan = new Date(at.getTime() + 9 * 3_600_000);
  return inJapan.getUTCMonth() >= 3 ? inJapan.getUTCFullYear() : inJapan.getUTCFullYear() - 1;
}
