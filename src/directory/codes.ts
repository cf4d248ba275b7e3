/** Codes of schools, boards and founders, with their check digits. Pure. */

declare const brand: unique symbol;
export type SchoolCode = string & { readonly [brand]: 'SchoolCode' };
export type CorporateNumber = string & { readonly [brand]: 'CorporateNumber' };

/** Kinds of school in the first two characters of a 学校コード. */
export const schoolTypes = ['A1', 'A2', 'B1', 'C1', 'C2', 'D1', 'D2', 'E1', 'F1', 'F2', 'G1', 'H1', 'H2'] as const;
export type SchoolType = (typeof schoolTypes)[number];

const schoolCodeShape = /^([A-H][12])(0[1-9]|[1-3]\d|4[0-7])([123])(\d{7})(\d)$/;

/** 文部科学省「学校コード」: kind, prefecture, founder type, number and a check digit; null when it is not one. */
export function parseSchoolCode(text: string): SchoolCode | null {
  const code = toHalfWidth(text).replace(/[\s-]/g, '').toUpperCase();
  const parts = schoolCodeShape.exec(code);
  if (!parts) return null;
  if (!schoolTypes.some((type) => type === parts[1])) return null;
  if (schoolCodeCheckDigit(code.slice(0, 12)) !== Number(parts[5])) return null;
  // Shape and check digit were verified above.
  return code as SchoolCode;
}

/** The check digit over the first twelve characters, the letter counted as 01…08, weights 1, 2, 1, 2 … */
export function schoolCodeCheckDigit(firstTwelve: string): number {
  const letter = firstTwelve.charCodeAt(0) - 64;
  const digits = `${String(letter).padStart(2, '0')}${firstTwelve.slice(1)}`;
  let sum = 0;
  for (const [index, digit] of Array.from(digits).entries()) {
    const product = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += product >= 10 ? product - 9 : product;
  }
  return (10 - (sum % 10)) % 10;
}

/** 法人番号: thirteen digits whose first is the check digit (国税庁告示). */
export function parseCorporateNumber(text: string): CorporateNumber | null {
  const number = toHalfWidth(text).trim();
  if (!/^\d{13}$/.test(number)) return null;
  if (corporateNumberCheckDigit(number.slice(1)) !== Number(number[0])) return null;
  // Shape and check digit were verified above.
  return number as CorporateNumber;
}

/** 9 − (Σ Pn·Qn mod 9), Pn the n-th of twelve digits from the right, Qn = 1 for odd n and 2 for even. */
export function corporateNumberCheckDigit(lastTwelve: string): number {
  let sum = 0;
  for (const [index, digit] of Array.from(lastTwelve).reverse().entries()) {
    sum += Number(digit) * (index % 2 === 0 ? 1 : 2);
  }
  return 9 - (sum % 9);
}

/** 教育委員会コード: prefecture and four digits. */
export function isBoardCode(text: string): boolean {
  return /^(0[1-9]|[1-3]\d|4[0-7])\d{4}$/.test(text);
}

function toHalfWidth(text: string): string {
  return text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/　/g, ' ');
}
