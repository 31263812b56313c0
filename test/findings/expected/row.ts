import type {
  Finding,
  FindingStatus,
  RejectionCode,
  Severity,
  Source,
} from '../../../src/findings/finding.ts'

/** What a file of the corpus holds, as a person reads it. */
export interface Row {
  /** Name of the file, without `.json`. */
  file: string
  expect:
    | {
        source: Source
        type: string
        severity: Severity
        status: FindingStatus
        account: string
        region: string
        resources: [type: string, id: string][]
        evidence?: Partial<Finding['evidence']>
      }
    | { rejected: RejectionCode; field?: string }
}

type Place = `${string} ${string}`

/** @param place account and region with a blank between */
export const found =
  (source: Source) =>
  (
    file: string,
    status: FindingStatus,
    type: string,
    severity: Severity,
    place: Place,
    resources: [type: string, id: string][],
    evidence?: Partial<Finding['evidence']>,
  ): Row => {
    const [account = '', region = ''] = place.split(' ')
    const expect = {
      source,
      type,
      severity,
      status,
      account,
      region,
      resources,
      ...(evidence && { evidence }),
    }
    return { file, expect }
  }

export const refused = (file: string, rejected: RejectionCode, field?: string): Row => ({
  file,
  expect: { rejected, ...(field !== undefined && { field }) },
})

export const accountItself = (account: string): [string, string][] => [['AWS::::Account', account]]
