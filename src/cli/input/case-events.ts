import { dirname, resolve } from 'node:path'
import { BadRequest } from '../../engine/refusals.ts'
import type { Finding, FindingResource, ParseResult } from '../../findings/finding.ts'
import { parseEvents } from '../../findings/read.ts'
import { partitionOf } from '../../findings/region.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import type { WrittenCase } from '../../policy/cases/cases-schema.ts'
import type { PolicyCase, ReadCases } from '../../policy/cases/load-cases.ts'
import { findingOf } from '../../policy/cases/written-finding.ts'
import { PolicyError, type Problem } from '../../policy/file/policy-error.ts'
import type { LoadedPolicy, StandsIn } from '../../policy/rules.ts'
import { type Seen, type TriagedFinding, triaging } from '../../reports/triage/triage-json.ts'
import { readEvents } from './events-input.ts'

/** A case, and what the policy says of its findings. */
export interface OpenedCase {
  one: PolicyCase
  triaged: TriagedFinding[]
}

/** Where what is relative in a file of cases begins, and where notes go. */
interface Around {
  folder: string
  note: (line: string) => void
}

/**
 * Reads the events of all cases, and has the policy decide them.
 * @throws PolicyError with each case that has no findings to decide
 */
export async function openCases(
  read: ReadCases,
  policy: LoadedPolicy,
  playbooks: readonly PlaybookHead[],
  note: Around['note'],
): Promise<OpenedCase[]> {
  const { cases, now: ofFile } = read.checked(playbooks)
  const around: Around = { folder: dirname(read.file), note }
  const opened: OpenedCase[] = []
  const problems: Problem[] = []
  for (const one of cases) {
    const at = one.now ?? ofFile
    const now = at === undefined ? Date.now() : Date.parse(at)
    const found = await findingsOf(one, playbooks, now, around)
    if (!('findings' in found)) {
      problems.push(found)
      continue
    }
    const triage = triaging(playbooks, policy, now, found.only, seenIn(one.with))
    opened.push({ one, triaged: found.findings.map((finding) => triage(placed(finding, one.with))) })
  }
  const [first, ...others] = problems
  if (first) throw new PolicyError(read.file, [first, ...others])
  return opened
}

type Found = { findings: Finding[]; only?: string }

async function findingsOf(
  one: PolicyCase,
  playbooks: readonly PlaybookHead[],
  now: number,
  around: Around,
): Promise<Found | Problem> {
  if (one.finding !== undefined) {
    const found = findingOf(one.finding, playbooks, now)
    if ('notUnderstood' in found) return one.problem('finding.resource', found.notUnderstood)
    return { ...found, findings: [found.finding] }
  }
  try {
    const { findings, rejected } = await eventsOf(one.event, one.name, around)
    const [refused] = rejected
    if (refused) return one.problem('event', `cannot be read: ${refused.event}: ${refused.reason}`)
    return findings.length > 0 ? { findings } : one.problem('event', 'holds no finding')
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    return one.problem('event', error.message)
  }
}

async function eventsOf(event: WrittenCase['event'], name: string, around: Around): Promise<ParseResult> {
  if (typeof event !== 'string') return parseEvents(event, name)
  // `-` as well is a file here: what a test is about stands in files.
  const path = resolve(around.folder, event)
  return readEvents([path], { cwd: around.folder, stdin: () => process.stdin, note: around.note })
}

function seenIn(given: NonNullable<WrittenCase['with']> = {}): Seen | undefined {
  const { account: _, region: __, ...seen } = given
  if (Object.keys(seen).length === 0) return undefined
  const { tags, name, ou, accountTags, vpcTags: vpc, stackTags: stack, reachable } = seen
  const isPlaced = ou !== undefined || accountTags !== undefined
  const standsIn: StandsIn = {
    ...(vpc !== undefined && { vpc }),
    ...(stack !== undefined && { stack }),
    ...(accountTags !== undefined && { account: accountTags }),
  }
  return {
    standsIn,
    ...(reachable !== undefined && { reachable }),
    ...(tags !== undefined && { tags }),
    ...(name !== undefined && { name }),
    ...(isPlaced && { organization: { path: ou ?? 'unread', tags: accountTags ?? 'unread' } }),
  }
}

/** The same finding in another account or region. */
function placed(finding: Finding, { account, region }: NonNullable<WrittenCase['with']> = {}): Finding {
  if (account === undefined && region === undefined) return finding
  const to = { account: account ?? finding.account, region: region ?? finding.region }
  return {
    ...finding,
    ...to,
    partition: region === undefined ? finding.partition : partitionOf(region),
    resources: finding.resources.map((resource) => moved(resource, finding, to)),
  }
}

function moved(
  { type, id, arn }: FindingResource,
  from: Pick<Finding, 'account' | 'region'>,
  to: Pick<Finding, 'account' | 'region'>,
): FindingResource {
  const there = (text: string): string => {
    const [scheme = '', partition = '', service = '', region = '', account = '', ...rest] = text.split(':')
    if (scheme !== 'arn') return text === from.account ? to.account : text
    const place = [
      region && (region === from.region ? to.region : region),
      account && (account === from.account ? to.account : account),
    ]
    return [scheme, partition, service, ...place, ...rest].join(':')
  }
  return { type, id: there(id), ...(arn !== undefined && { arn: there(arn) }) }
}
