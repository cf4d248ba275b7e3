/**
 * CVE-2017-15361 (ROCA): keys of certain smart-card chips are of the form k·M + (65537^a mod M), so that their modulus is a power of
 * 65537 modulo each small prime, and they can be factored. Cards of a whole country had them; ours must not let one in.
 *
 * @param modulus - big-endian
 */
export function isRocaModulus(modulus: Uint8Array): boolean {
  const value = BigInt(`0x${Buffer.from(modulus.buffer, modulus.byteOffset, modulus.byteLength).toString('hex')}`);
  return POWERS.every(({ prime, powers }) => powers.has(Number(value % BigInt(prime))));
}

// The primes of the published fingerprint; a sound key passes them all by chance once in 2^154.
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const POWERS = PRIMES.map((prime) => ({ prime, powers: powersOf(65_537 % prime, prime) }));

function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power);
  return powers;
}
