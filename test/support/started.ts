/** What a test object has only after its start. Throws an error that names the object if it did not start. */
export function started<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the ${name} has not started`);
  return value;
}
