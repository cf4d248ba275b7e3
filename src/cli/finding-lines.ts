import type { LogFinding } from '../audit/log-findings.ts';
import type { CliLocale } from './text.ts';
import { findingTexts } from './texts/findings.ts';

/** The rest is counted: one altered tile may cost the proof of every entry in it. */
const shown = 20;

/** What is wrong, each with its code and a sentence. */
export function findingLines(findings: readonly LogFinding[], locale: CliLocale): readonly string[] {
  const lines = findings.slice(0, shown).map((finding) => `  ✗ ${finding.code}　${sentenceOf(finding, locale)}`);
  return findings.length > shown ? [...lines, `  … +${findings.length - shown}`] : lines;
}

export function plainFinding(finding: LogFinding): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(finding).map(([name, value]) => [name, String(value)]));
}

function sentenceOf(finding: LogFinding, locale: CliLocale): string {
  const places = plainFinding(finding);
  const text = findingTexts[finding.code][locale];
  return text.replaceAll(/\{([A-Za-z]+)\}/g, (_place, name: string) => places[name] ?? '…');
}
