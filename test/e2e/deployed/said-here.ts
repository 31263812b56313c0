import { deflateSync } from 'node:zlib'
import { parseEvents } from '../../../src/findings/read.ts'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../../../src/sandbox/place.ts'
import { detectorEvents } from '../../../src/sandbox/sample-events/every-detector.ts'
import { sampleEvents } from '../../../src/sandbox/sample-events/sample-events.ts'
import { CORPUS_FILES, corpusText } from '../../support/event-corpus.ts'
import type { DetectorRow } from './detector-rows.ts'

/** What is put in for a row. */
export interface Said {
  event: Record<string, unknown>
  /** Ids of its findings. */
  findings: string[]
}

/** Whether there is what the row says. */
export const isThere = ({ said }: DetectorRow): boolean =>
  'own' in said || CORPUS_FILES.includes(`${said.file}.json`)

export const nameOf = ({ said, by }: DetectorRow): string =>
  `${'own' in said ? said.own : said.file.split('/').at(-1)}, by ${by}`

/** The ids of that kind in a sample, each once: the first finding's own, which for a way through a group is the group's. */
const IDS: Record<NonNullable<DetectorRow['about']>, { ids: RegExp } | { type: string }> = {
  group: { ids: /\bsg-[0-9a-z]{8,17}\b/ },
  snapshot: { ids: /\bsnap-[0-9a-z]{8,17}\b/ },
  instance: { ids: /\bi-[0-9a-f]{8,17}\b/ },
  bucket: { type: 'AWS::S3::Bucket' },
  database: { type: 'AWS::RDS::DBInstance' },
}

/** The sample as it would be said of the sandbox: its account, its region, and resources that `plant` makes. */
export async function saidHere(
  row: DetectorRow,
  seeds: Record<string, string>,
  plant: (kind: NonNullable<DetectorRow['about']>) => Promise<string>,
): Promise<Said> {
  const document = sampleOf(row, seeds)
  const found = parseEvents(document, 'sample').findings
  if (found.length === 0) throw new Error(`${nameOf(row)} holds no finding`)
  let text = JSON.stringify(document)
  const placed = found.flatMap(({ account, region }): [string, string][] => [
    [account, SANDBOX_ACCOUNT],
    [region, SANDBOX_REGION],
  ])
  if (row.about) {
    const kind = IDS[row.about]
    const ids = 'ids' in kind ? (kind.ids.exec(text) ?? []) : found.flatMap((each) => idsOf(each, kind.type))
    for (const id of new Set(ids)) placed.push([id, await plant(row.about)])
  }
  for (const [from, to] of placed) text = text.replaceAll(from, to)
  const event = JSON.parse(text)
  const { findings, rejected } = parseEvents(event, 'sample')
  if (rejected.length > 0) throw new Error(`${nameOf(row)}: ${JSON.stringify(rejected)}`)
  return { event, findings: findings.map(({ id }) => id) }
}

const idsOf = (finding: { resources: { type: string; id: string }[] }, type: string) =>
  finding.resources.filter((each) => each.type === type).map(({ id }) => id)

function sampleOf({ said, by }: DetectorRow, seeds: Record<string, string>): unknown {
  if ('own' in said)
    return [...sampleEvents(seeds), ...detectorEvents(seeds)].find(({ name }) => name === said.own)!.event
  const document = JSON.parse(corpusText(`${said.file}.json`))
  const { only } = said
  if (!only) return document
  const found = document.find((each: object) => JSON.stringify(each).includes(only.check))
  if (by !== 'bus') return found
  // What is imported has no workflow yet: Security Hub begins it.
  const imported = { ...found, Workflow: { Status: 'NEW' } }
  return {
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    detail: { findings: [imported] },
  }
}

/** What is published of it: the topic puts its own envelope around it. */
export function messageIn(event: Record<string, unknown>): string {
  const { Message = event } = event
  return typeof Message === 'string' ? Message : JSON.stringify(Message)
}

/** As it lies in a queue: notices of Cloud Custodian are packed (c7n/actions/core.py). */
export function bodyOf(event: Record<string, unknown>): string {
  const text = JSON.stringify(event)
  return 'policy' in event ? deflateSync(text).toString('base64') : text
}
