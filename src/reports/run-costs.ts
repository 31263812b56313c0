/**
 * What runs cost in a deployment, in US dollars at list prices of us-east-1, free tiers left out, on paper: the counted
 * figures of docs/operations.md, "Costs", where their arithmetic stands. A test holds both against each other.
 */

/** A run that acts by itself, about a finding that comes with others. */
export const DOLLARS_PER_AUTOMATIC_RUN = 0.0243 / 1_000

/** What an approval adds. */
export const DOLLARS_PER_APPROVAL = 0.028 / 1_000

/** What it adds to that when people are asked in Slack, each time on a card of its own. */
export const DOLLARS_PER_SLACK_APPROVAL = 0.0739 / 1_000

/** Each month, without any run. */
export const DOLLARS_PER_MONTH = 2.52

/** A run about which somebody is asked. */
export const DOLLARS_PER_ASKED_RUN = DOLLARS_PER_AUTOMATIC_RUN + DOLLARS_PER_APPROVAL

/**
 * What so many runs cost.
 * @param asking so many of them ask
 * @param inSlack so many of these in Slack
 */
export function dollarsOf(runs: number, asking: number, inSlack = asking): number {
  const byThemselves = runs - asking
  return (
    byThemselves * DOLLARS_PER_AUTOMATIC_RUN +
    asking * DOLLARS_PER_ASKED_RUN +
    inSlack * DOLLARS_PER_SLACK_APPROVAL
  )
}
