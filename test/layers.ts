import { join } from 'node:path';
import { findViolations } from './layers/check.ts';
import { readSources } from './layers/read.ts';

// `npm run check`: the order of the house, over every file of src/, with the count that proves it looked.
const listing = readSources(join(import.meta.dirname, '..', 'src'));
const violations = findViolations(listing);
const imports = listing.files.reduce((sum, file) => sum + file.imports.length, 0);
for (const violation of violations) console.error(violation);
console.log(
  `layers: ${listing.files.length} of ${listing.listed.length} files seen, ${imports} imports, ${violations.length} violations`,
);
process.exitCode = violations.length === 0 && imports > listing.files.length ? 0 : 1;
