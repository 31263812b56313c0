/** Why something is not done: a word for the log, a sentence for the person. */
export interface Refusal {
  why: string
  /** In Slack's markup. */
  text: string
}

/** What somebody wanted and what was not done. */
export interface Refused {
  kind: 'refused'
  refusal: Refusal
}

export const refused = (why: string, text: string): Refused => ({ kind: 'refused', refusal: { why, text } })

export const UNKNOWN_RUN = refused('unknownRun', 'No run of this workspace is called so.')
