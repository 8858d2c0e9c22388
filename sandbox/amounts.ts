/** Whether a text is a valid payment amount: greater than zero, with at most 2 decimals and no exponent. */
export function isPayable(amount: string): boolean {
  return /^(0|[1-9]\d*)(\.\d{1,2})?$/.test(amount) && /[1-9]/.test(amount);
}

/** Adds cents to an amount and formats it with both decimals, such as `125.50` for `125.5`. */
export function plusCents(amount: string, cents: number): string {
  const [whole = '', decimals = ''] = amount.split('.');
  const sum = BigInt(whole + decimals.padEnd(2, '0')) + BigInt(cents);
  return sum
    .toString()
    .padStart(3, '0')
    .replace(/(?=..$)/, '.');
}
