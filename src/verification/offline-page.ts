import type { PublishedBundle } from './trust-bundle.ts';

const emptyTrust = '<script type="application/json" id="trust">null</script>';

/**
 * `verify.html` with a bundle inside. JSON in an HTML file: with `<` escaped nothing in it can end the element.
 * A page whose place for the bundle is gone is a build that went wrong.
 */
export function offlinePage(page: string, bundle: PublishedBundle): string {
  const [before, after, ...more] = page.split(emptyTrust);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('verify.html has no place for trust');
  const json = JSON.stringify(bundle).replaceAll('<', '\\u003c');
  return `${before}${emptyTrust.replace('null', () => json)}${after}`;
}
