/** Returns a value that a test object has only after its start. Throws an error with its name if it has not started. */
export function started<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the ${name} has not started`);
  return value;
}
