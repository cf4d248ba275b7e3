/** Nothing of the demonstration world runs in production. */
export function refuseInProduction(what: string): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(`The demonstration world (${what}) does not run when NODE_ENV=production`);
  }
}
