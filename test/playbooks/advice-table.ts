import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import type { Fields, Handlers } from '../support/aws-model/failure.ts'
import type { LiveResource, NamedBy } from './setting-table.ts'

/** What a live state leads to. */
export interface AdviceRow {
  /** What the look sees. */
  live: Fields
  /** As another detector names it, where that makes a difference. */
  finding?: NamedBy
  leads:
    | { outcome: 'notified'; reason: string; todo: string[] }
    | { outcome: 'alreadyCompliant' | 'notApplicable' | 'failed'; reason: string }
}

/** All that the suite must know of advice. The first row is one that is told. */
export interface AdviceTable {
  playbook: AnyPlaybook
  /** As a detector names the resource. */
  finding: NamedBy
  /** The id by which the API and the run know it. */
  id: string
  rows: AdviceRow[]
  /** What the account always has: it is never gone. */
  isAlwaysThere?: true
  /** Reads that the first row does without, and what is live where they are made. */
  madeFor?: Record<string, Fields>
  /** Reads that nothing is decided by. */
  optionalReads?: string[]
  /** Answers of AWS about the resource, `resource.more` of which is the row's. */
  aws(resource: LiveResource): Record<string, Handlers>
}
