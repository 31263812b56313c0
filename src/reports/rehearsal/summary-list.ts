/** A list that is read before any single run. */
export interface SummaryList {
  name: string
  head: string[]
  rows: (string | number)[][]
}
