import { asicMediaType } from '../../crypto/asic.ts';
import type { Gateway } from '../../gateway.ts';
import { type ToldLine, type ToldStory, writeStoryBundle } from '../../records/story-bundle.ts';
import { publishedBundle } from '../../verification/published-bundle.ts';
import type { Download } from '../render.ts';
import type { Story, StoryItem } from './tell-story.ts';

/** A case's story as one file that verifies offline, act by act (docs/formats.md, Evidence bundle). */
export async function bundleStory(gateway: Gateway, story: Story): Promise<Download> {
  return bundleLines(gateway, {
    case: story.view.id,
    isWhole: !story.isCut,
    lines: story.items.map(toldLine),
    manifest: story.manifest,
    seals: story.seals,
    renewal: story.renewal,
    name: story.view.id.slice(0, 8),
  });
}

/** The same for any lines that somebody may see. */
export async function bundleLines(
  gateway: Gateway,
  { name, ...told }: Omit<ToldStory, 'companions'> & { readonly name: string },
): Promise<Download> {
  const companions = { trust: await publishedBundle(gateway), policy: null };
  const by = { signer: gateway.evidence, timestamps: gateway.timestamps, now: gateway.clock.now() };
  const { bytes, body } = await writeStoryBundle({ ...told, companions }, by);
  return { name: `hikitsugi-story-${name}.asice`, mediaType: asicMediaType, bytes, body };
}

function toldLine({ line, evidence, receipt, receiptProof }: StoryItem): ToldLine {
  const { eventId: id, at, event, outcome, side, role } = line;
  return {
    id,
    at,
    event,
    outcome,
    side,
    role,
    proof: evidence?.proof ?? null,
    opening: evidence?.opening ?? null,
    receipt: receipt?.evidence ?? null,
    receiptProof,
  };
}
