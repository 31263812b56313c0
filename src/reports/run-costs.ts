/**
 * What a run costs in a deployment, in US dollars at list prices of us-east-1, free tiers left out: the counted figures of
 * docs/operations.md, "Costs", where their arithmetic stands. A test holds both against each other.
 */

/** A finding that comes with others and is put right by itself. */
export const DOLLARS_PER_AUTOMATIC_RUN = 0.0243 / 1_000
/** What an approval adds. */
export const DOLLARS_PER_APPROVAL = 0.028 / 1_000
/** A run about which somebody is asked. */
export const DOLLARS_PER_ASKED_RUN = DOLLARS_PER_AUTOMATIC_RUN + DOLLARS_PER_APPROVAL
/** What it adds that the asking is done in Slack, on a card of its own. */
export const DOLLARS_PER_SLACK_APPROVAL = 0.0739 / 1_000
/** Each month, without any run. */
export const DOLLARS_PER_MONTH = 2.52
