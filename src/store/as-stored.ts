/** A copy as it will come back from storage. Throws for what is not JSON, before anything is written. */
export function asStored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}
