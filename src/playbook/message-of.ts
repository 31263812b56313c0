/** What an error says; of whatever else was thrown, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
