import type { Evidence, FindingResource, Source } from '../../src/findings/finding.ts'
import type { Input, Operation, Output, Service } from '../../src/playbook/api.ts'
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
  /** What it should be, where that depends on the row; null: nothing is set then. */
  should?: Fields | null
  /** What the plan shows as after, where that is not what should be live. */
  after?: Fields | null
  /** IAM actions of the calls that lead to it, where they are not the table's one. */
  changes?: string[]
  /** Parameters of the policy; left out: the playbook's defaults. */
  parameters?: Fields
  /** What the finding says beside its type. */
  finding?: Partial<Omit<NamedBy, 'id'>> & { id?: string | undefined }
  /** What an undo leaves, where AWS knows no way back to just what was. */
  afterUndo?: Fields | null
  /** Why a person has to look first: the plan's caution, of which this is a part; absent: there is none. */
  caution?: string
  /** What the changed values wait for: the run ends `unverified` with this in its reason. */
  pends?: string
  /** What the plan warns of, in part; and what it must not warn of. */
  warning?: string
  unwarned?: string
  /** `set`: changed, proven and taken back; any other outcome: nothing is changed, and this is said. */
  leads:
    | 'set'
    | { outcome: 'alreadyCompliant' | 'notApplicable' | 'failed' | 'unverified' | 'blocked'; reason: string }
}

/** A finding by which a detector names the resource; source: AWS Config. */
export interface NamedBy {
  source?: Source
  type: string
  /** Left out: it names nothing but the account. */
  id?: string
  /** Where it is not of the playbook's own type. */
  resourceType?: string
  evidence?: Evidence
}

/** All that the suite must know of a setting. */
export interface SettingTable {
  playbook: AnyPlaybook
  /** As a detector names the resource. */
  finding: NamedBy
  /** The id by which the API and the plan know it. */
  id: string
  should: Fields
  /** Of another value than `should`, for who changes it meanwhile; it leads to a change as well. */
  other: Fields | null
  /** What else somebody may make of it, where `other` is that nothing is set. */
  changed?: Fields
  /** Whether that is no other than what was before, as far as a plan shows it. */
  otherIsAsBefore?: true
  rows: SettingRow[]
  /** IAM action of the change, of the first row the only one. */
  change: string
  /** What the account always has: it is never gone. */
  isAlwaysThere?: true
  /** Part of what a run says that has not seen its change in time, where AWS may need longer. */
  late?: string
  /** Reads that nothing is decided by: where one fails the run goes on, with a warning. */
  optionalReads?: string[]
  /** Where a rule may name the account only: the reads by which its resources are found that are wrong. */
  inAccount?: { reads: string[]; areOfTheLook?: true }
  /** Reads that only other findings lead to, of which no resource or another check is told: the table's own asks for none. */
  readsOfTargets?: string[]
  /** What the policy says for it, where it does nothing by its defaults. */
  parameters?: Fields
  /** Answers of AWS about the resource, by service and operation. `gone(action)` where it is not there. */
  aws(resource: LiveResource): Record<string, Handlers>
  /**
   * The same over the wire, on an emulator that keeps the value, with the id of one that is not there; or why it cannot
   * be shown there, in a sentence.
   */
  wire: { plant(aws: Wire): Promise<Planted>; missing?: string; parameters?: Fields } | { notKept: string }
}

/** AWS as the sandbox answers for it, asked as anybody asks: not by the playbook's own looks. */
export interface Wire {
  account: string
  region: string
  send<S extends Service, O extends Operation<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O>>
}

/** A resource that is not as it should be. */
export interface Planted {
  /** As the finding names it, and as the plan does where that is another id. */
  id: string
  /** What AWS holds of it now, as far as the setting is about it. */
  live(): Promise<unknown>
  /** What `live` gives when it is right. */
  should: unknown
  /** What `live` gives after the undo, where that is not exactly what was before. */
  afterUndo?: unknown
}

/** The rule of a policy that is about the playbook, where it has parameters, else about all of them. */
export function ruleOf({ id }: AnyPlaybook, mode: 'auto' | 'approve', parameters?: Fields): string {
  const own = parameters && `    when: { playbook: ${id} }\n    parameters: ${JSON.stringify(parameters)}\n`
  return `  - mode: ${mode}\n${own ?? ''}`
}

/** What AWS says of a resource that is not there. */
export const absent = (action: string, code: string) => failure(action, code)

/** A list with the resource while it is there. */
export const onlyIf = <T>({ isThere }: LiveResource, item: T): T[] => (isThere ? [item] : [])

/** The finding of a table, about the resource with this id. */
export function namedBy(
  {
    playbook,
    finding,
  }: { playbook: AnyPlaybook; finding: Omit<NamedBy, 'id'> & { id?: string | undefined } },
  account: string,
  id = finding.id,
): { source: Source; type: string; resources: FindingResource[]; evidence: Evidence } {
  const { source = 'config', type, resourceType = playbook.resource, evidence = {} } = finding
  const resources =
    id === undefined ? [{ type: 'AWS::::Account', id: account }] : [{ type: resourceType, id }]
  return { source, type, resources, evidence }
}
