import type { Cli, CommandResult } from './cli.ts';
import { CliError, GatewayRefusal, usageError } from './cli-error.ts';
import { commands, isCommandName } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type CliLocale, cliText } from './text.ts';

export interface Screen {
  out(text: string): void;
  error(text: string): void;
}

/** One command from its arguments to its exit code. Errors are told in the reader's language, as JSON when asked for. */
export async function run(args: readonly string[], cli: Cli, screen: Screen): Promise<ExitCode> {
  const wantsJson = args.includes('--json');
  try {
    const result = await dispatch(args, cli);
    if (wantsJson) screen.out(JSON.stringify(result.value, null, 2));
    else for (const line of result.lines) screen.out(line);
    return result.exit;
  } catch (error) {
    if (!(error instanceof CliError) && !(error instanceof GatewayRefusal)) throw error;
    if (wantsJson) screen.out(JSON.stringify({ error: errorValue(error, cli.locale) }, null, 2));
    else for (const line of errorLines(error, cli.locale)) screen.error(line);
    return error.exit;
  }
}

async function dispatch(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const [name, ...rest] = args;
  const asksForHelp = args.length === 0 || args.includes('--help') || args.includes('-h');
  if (name !== undefined && isCommandName(name)) {
    return asksForHelp ? helpOf(cliText(cli.locale, `help.${name}`)) : commands[name](rest, cli);
  }
  if (asksForHelp || name === 'help') return helpOf(cliText(cli.locale, 'help'));
  throw usageError('usage.command', { command: name ?? '' });
}

function helpOf(text: string): CommandResult {
  return { exit: exitCodes.ok, value: { help: text }, lines: text.split('\n') };
}

function errorValue(error: CliError | GatewayRefusal, locale: CliLocale) {
  if (error instanceof GatewayRefusal) return error.problem;
  return { code: error.key, title: cliText(locale, error.key, error.params) };
}

function errorLines(error: CliError | GatewayRefusal, locale: CliLocale): readonly string[] {
  if (error instanceof GatewayRefusal) {
    const { title, detail, code, requestId } = error.problem;
    return [`✗ ${title}`, ...(detail === '' ? [] : [`  ${detail}`]), `  ${code}　${requestId}`];
  }
  const hint = error.exit === exitCodes.usage ? [`  ${cliText(locale, 'usage.hint')}`] : [];
  return [`✗ ${cliText(locale, error.key, error.params)}`, ...hint];
}
