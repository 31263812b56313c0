/** What runs cost, in US dollars, on paper: the arithmetic is in docs/operations.md, "Costs". */

/** A run that acts by itself. */
export const DOLLARS_PER_AUTOMATIC_RUN = 2.5 / 100 / 1_000

/** What asking people in Slack adds to a run. */
export const DOLLARS_PER_ASKING = 7.4 / 100 / 1_000

/** What so many runs cost, of which so many ask. */
export function dollarsOf(runs: number, asking: number): number {
  return runs * DOLLARS_PER_AUTOMATIC_RUN + asking * DOLLARS_PER_ASKING
}
