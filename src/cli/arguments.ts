import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { usageError } from './cli-error.ts';

const common = {
  json: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  profile: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

/** The options and operands of one command; anything it does not know is refused. */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  expected: { readonly options: T; readonly operands: readonly [least: number, most: number] },
) {
  const parsed = parse(args, { ...common, ...expected.options });
  const [least, most] = expected.operands;
  const count = parsed.positionals.length;
  if (count < least) throw usageError('usage.operandMissing');
  if (count > most) throw usageError('usage.operandTooMany', { operand: parsed.positionals[most] ?? '' });
  const { lang } = parsed.values as { readonly lang?: string };
  if (lang !== undefined && lang !== 'ja' && lang !== 'en') throw usageError('usage.lang');
  return parsed;
}

function parse<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const code = cause instanceof TypeError && 'code' in cause ? String(cause.code) : '';
    if (!code.startsWith('ERR_PARSE_ARGS') || !(cause instanceof Error)) throw cause;
    throw usageError('usage.option', { reason: cause.message });
  }
}

/** One of a list, or a usage error that names the list. */
export function oneOf<const T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined) throw usageError('usage.oneOf', { option, allowed: allowed.join(' | ') });
  return found;
}
