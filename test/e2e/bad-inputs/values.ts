/** Values of one field that break the same rules. `field` is the path below the payment. */
export interface BadValues {
  readonly field: string;
  readonly kind: string;
  readonly codes: readonly string[];
  readonly values: readonly unknown[];
}
