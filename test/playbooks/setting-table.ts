import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { type Fields, failure, type Handlers } from '../support/aws-model/failure.ts'

/** The one resource that a table is about, as AWS holds it now. */
export interface LiveResource {
  isThere: boolean
  /** What the setting sets; null: nothing is set. */
  values: Fields | null
  tags: { Key: string; Value: string }[]
  /** What else the look sees of it. */
  more: Fields
}

/** What a value that is live leads to. */
export interface SettingRow {
  live: Fields | null
  more?: Fields
  /** What the plan shows as before, where that is not what is live. */
  before?: Fields | null
  /** What an undo leaves, where AWS knows no way back to just what was. */
  afterUndo?: Fields | null
  /** `set`: changed, proven and taken back; any other outcome: nothing is changed, and this is said. */
  leads: 'set' | { outcome: 'alreadyCompliant' | 'notApplicable' | 'failed' | 'unverified'; reason: string }
}

/** All that the suite must know of a setting. */
export interface SettingTable {
  playbook: AnyPlaybook
  /** As a detector names the resource. */
  finding: { type: string; id: string }
  /** The id by which the API and the plan know it. */
  id: string
  should: Fields
  /** Of another value than `should`, for who changes it meanwhile; it leads to a change as well. */
  other: Fields | null
  rows: SettingRow[]
  /** IAM action of the change. */
  change: string
  /** Answers of AWS about the resource, by service and operation. `gone(action)` where it is not there. */
  aws(resource: LiveResource): Record<string, Handlers>
}

/** What AWS says of a resource that is not there. */
export const absent = (action: string, code: string) => failure(action, code)

/** A list with the resource while it is there. */
export const onlyIf = <T>({ isThere }: LiveResource, item: T): T[] => (isThere ? [item] : [])
