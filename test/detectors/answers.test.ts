import { basename } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import type { Detector, Narrowed } from '../../src/detectors/detector.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Fields } from '../../src/findings/json-object.ts'
import { parseEvents } from '../../src/findings/read.ts'
import { isRead } from '../../src/playbook/api.ts'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Json } from '../../src/playbook/json.ts'
import { OpenFindings } from '../support/aws-model/open-findings.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'
import { CORPUS_FILES, corpusText } from '../support/event-corpus.ts'
import { analyzer, inAnalyzer, inGuardDuty, inHub, inInspector } from './answer-samples.ts'

const NOW = Date.parse('2026-11-20T08:00:00.000Z')
const AT = '2026-11-19T08:00:00.000Z'
const AGES_AGO = '2026-10-01T08:00:00.000Z'
const ELSEWHERE = { AwsAccountId: '999988887777' }

const detectorOf = (id: string): Detector => DETECTORS.find((each) => each.id === id)!

/** Asks to the end as whoever stores each place in between; answers are held against AWS's models on their way in. */
async function askedOf(detector: Detector, open: OpenFindings, narrowed?: Narrowed) {
  const aws = new AwsModel(new SimulatedClock())
  for (const [service, handlers] of open.handlers()) aws.answering(service, handlers)
  const events: object[] = []
  let off: string | undefined
  let at: Json | undefined = detector.start(NOW, narrowed)
  while (at !== undefined) {
    if (aws.calls.length > 20) throw new Error('goes round in circles')
    const call = detector.call(at, aws.place)
    const taken = await aws.send(aws.place, call).then(
      (answer) => detector.take(at!, answer, aws.place),
      (error: AwsError) => ({ events: [], off: undefined, ...detector.behind!(at!), error }),
    )
    events.push(...taken.events)
    off ??= taken.off
    at = taken.next === undefined ? undefined : JSON.parse(JSON.stringify(taken.next))
  }
  const read = parseEvents(events, 'asked')
  if (events.length > 0) expect(read.rejected).toEqual([])
  return {
    findings: read.findings,
    off,
    calls: aws.calls.map(({ operation }) => operation),
    actions: aws.calls.map(({ action }) => action),
  }
}

const short = ({ source, type, status, observedAt, account, region, resources: [first] }: Finding) =>
  [source, type, status, first?.id, observedAt, account, region].join(' ')

/** What each has, and what is to be found of it: three pages, of which one is followed by a gone thing where there may be. */
const OPEN: [id: string, fill: (open: OpenFindings) => void, found: string[], calls: string[]][] = [
  [
    'config',
    (open) => {
      for (const id of ['sg-1', 'sg-2', 'sg-3']) open.results.push({ rule: 'restricted-ssh', id, at: AT })
      open.results.push({ rule: 'own-rule', id: 'sg-4', at: AT })
      open.results.push({ rule: 'own-rule', id: 'sg-planned', at: AT, proactive: true })
      open.goneRules.push('just-deleted')
      open.results.push({ rule: 'restricted-common-ports', id: 'sg-5', at: AT })
    },
    [
      `config INCOMING_SSH_DISABLED active sg-1 ${AT} 123456789012 eu-west-1`,
      `config INCOMING_SSH_DISABLED active sg-2 ${AT} 123456789012 eu-west-1`,
      `config INCOMING_SSH_DISABLED active sg-3 ${AT} 123456789012 eu-west-1`,
      `config own-rule active sg-4 ${AT} 123456789012 eu-west-1`,
      `config RESTRICTED_INCOMING_TRAFFIC active sg-5 ${AT} 123456789012 eu-west-1`,
    ],
    [
      'DescribeComplianceByConfigRule',
      ...Array(3).fill('GetComplianceDetailsByConfigRule'),
      'DescribeComplianceByConfigRule',
      ...Array(2).fill('GetComplianceDetailsByConfigRule'),
    ],
  ],
  [
    'securityhub',
    (open) => {
      open.hub.push(
        inHub('sg-1', AT),
        inHub('sg-2', AT, { Workflow: { Status: 'NOTIFIED' } }),
        inHub('sg-3', AT),
      )
      open.hub.push(inHub('sg-suppressed', AT, { Workflow: { Status: 'SUPPRESSED' } }))
      open.hub.push(inHub('sg-archived', AT, { RecordState: 'ARCHIVED' }))
      open.hub.push(inHub('sg-elsewhere', AT, ELSEWHERE), inHub('sg-far', AT, { Region: 'us-east-1' }))
      open.hub.push(inHub('sg-passed-on', AT, { ProductName: 'GuardDuty' }))
    },
    ['sg-1', 'sg-2', 'sg-3'].map((id) => `securityhub EC2.13 active ${id} ${AT} 123456789012 eu-west-1`),
    ['GetFindings', 'GetFindings'],
  ],
  [
    'guardduty',
    (open) => {
      open.guardDuty.push(inGuardDuty('f1', AT), inGuardDuty('f2', AT), inGuardDuty('f3', AT))
      open.guardDuty.push(inGuardDuty('archived', AT, { Archived: true }), inGuardDuty('old', AGES_AGO))
      open.guardDuty.push(inGuardDuty('member', AT, {}, { AccountId: ELSEWHERE.AwsAccountId }))
    },
    Array(3).fill(
      `guardduty Recon:EC2/PortProbeUnprotectedPort active i-0a1b2c3d4e5f60718 ${AT} 123456789012 eu-west-1`,
    ),
    ['ListDetectors', 'ListFindings', 'GetFindings', 'ListFindings', 'GetFindings'],
  ],
  [
    'accessanalyzer',
    (open) => {
      const unused = analyzer('unused', { type: 'ACCOUNT_UNUSED_ACCESS' })
      const gone = analyzer('gone')
      const own = analyzer('own', { type: 'ORGANIZATION' })
      open.analyzers.push(unused, gone, own)
      open.shared.set(String(own.arn), [
        inAnalyzer('one', AT),
        inAnalyzer('two', AT),
        inAnalyzer('meant-so', AT, { status: 'ARCHIVED' }),
        inAnalyzer('three', AT),
      ])
    },
    ['one', 'two', 'three'].map(
      (bucket) =>
        `accessanalyzer ExternalAccess:AWS::S3::Bucket active ${bucket} ${AT} 123456789012 eu-west-1`,
    ),
    ['ListAnalyzers', 'ListFindings', 'ListAnalyzers', 'ListFindings', 'ListFindings'],
  ],
  [
    'inspector',
    (open) => {
      open.inspector.push(inInspector('f1', AT), inInspector('closed', AT, { status: 'CLOSED' }))
      open.inspector.push(inInspector('f2', AT), inInspector('f3', AT))
      open.inspector.push(inInspector('member', AT, { awsAccountId: ELSEWHERE.AwsAccountId }))
    },
    Array(3).fill(`inspector PACKAGE_VULNERABILITY active i-0a1b2c3d4e5f60718 ${AT} 123456789012 eu-west-1`),
    ['ListFindings', 'ListFindings'],
  ],
]

test.each(OPEN)(
  '%s is asked page by page for all that is open, and for nothing else',
  async (id, fill, found, calls) => {
    const open = new OpenFindings()
    fill(open)
    const detector = detectorOf(id)
    const asked = await askedOf(detector, open)
    expect(asked.findings.map(short)).toEqual(found)
    expect(asked.calls).toEqual(calls)
    expect(asked.off).toBeUndefined()
    expect([...new Set(asked.actions)].sort()).toEqual(detector.needs.map(({ action }) => action).sort())
    expect(asked.calls.filter((operation) => !isRead(operation))).toEqual([])
  },
)

test('every detector is among them', () => {
  expect(OPEN.map(([id]) => id)).toEqual(DETECTORS.map(({ id }) => id))
})

const DAY_MS = 24 * 3600 * 1000
const times = ({ findings }: { findings: Finding[] }) => findings.map(({ observedAt }) => observedAt).sort()

describe('a detector that is asked for what it has seen since', () => {
  test.each<[string, (open: OpenFindings, at: string) => void]>([
    ['securityhub', (open, at) => open.hub.push(inHub(`sg-${at}`, at))],
    ['guardduty', (open, at) => open.guardDuty.push(inGuardDuty(at, at))],
    ['inspector', (open, at) => open.inspector.push(inInspector(at, at))],
  ])('%s leaves out what is older itself, and takes in what is older than usual', async (id, put) => {
    const open = new OpenFindings()
    open.now = NOW
    put(open, AT)
    put(open, AGES_AGO)
    const days = (count: number) => askedOf(detectorOf(id), open, { since: NOW - count * DAY_MS })
    expect(times(await days(7))).toEqual([AT])
    expect(times(await days(90))).toEqual([AGES_AGO, AT])
  })

  test.each(['config', 'accessanalyzer'])('%s knows no such filter and gives all', async (id) => {
    const [, fill, found] = OPEN.find(([each]) => each === id)!
    const open = new OpenFindings()
    fill(open)
    const { findings } = await askedOf(detectorOf(id), open, { since: NOW })
    expect(findings.map(short)).toEqual(found)
  })
})

test('Security Hub gives what others passed on to it where these are not asked themselves', async () => {
  const open = new OpenFindings()
  const products = ['GuardDuty', 'Config', 'Inspector', 'IAM Access Analyzer', 'Security Hub']
  for (const ProductName of products) open.hub.push(inHub(ProductName, AT, { ProductName }))
  const given = async (asked?: string[]) =>
    (await askedOf(detectorOf('securityhub'), open, asked && { asked })).findings.map(({ id }) =>
      id.split('/').at(-1),
    )
  expect(await given(['securityhub'])).toEqual(products)
  expect(await given(['securityhub', 'guardduty', 'accessanalyzer'])).toEqual([
    'Config',
    'Inspector',
    'Security Hub',
  ])
  expect(await given()).toEqual(['Security Hub'])
})

describe('a detector that is not enabled', () => {
  test.each([
    ['guardduty', 'GuardDuty has no detector here'],
    ['accessanalyzer', 'no analyzer of external access is active here'],
  ])('%s says so by an empty list', async (id, off) => {
    const open = new OpenFindings()
    open.hasDetector = false
    open.analyzers.push(
      analyzer('unused', { type: 'ACCOUNT_UNUSED_ACCESS' }),
      analyzer('new', { status: 'CREATING' }),
    )
    expect(await askedOf(detectorOf(id), open)).toMatchObject({ off, findings: [] })
  })

  const NOT_SUBSCRIBED = 'Account 123456789012 is not subscribed to AWS Security Hub'
  const BY_IAM =
    'User: arn:aws:iam::123456789012:user/x is not authorized to perform: inspector2:ListFindings'
  test.each([
    ['securityhub', 'InvalidAccessException', 'final', NOT_SUBSCRIBED, NOT_SUBSCRIBED],
    ['securityhub', 'AccessDeniedException', 'denied', 'no', undefined],
    [
      'inspector',
      'AccessDeniedException',
      'denied',
      'Invoking account does not have access.',
      'Invoking account does not have access.',
    ],
    ['inspector', 'AccessDeniedException', 'denied', BY_IAM, undefined],
    ['config', 'AccessDeniedException', 'denied', 'no', undefined],
  ] as const)('%s: %s (%s, "%s") says %p', (id, code, kind, message, off) => {
    expect(detectorOf(id).off(new AwsError({ kind, code, action: 'x:Y' }, message))).toBe(off)
  })
})

/** Answers of the APIs as they were recorded: what comes of them by way of an event is what the readers make of them. */
const RECORDED: [id: string, form: RegExp, at: Json, answer: (recorded: Fields) => Fields][] = [
  [
    'securityhub',
    /^securityhub-api-/,
    { token: null },
    // Some tools write the answer down in another spelling.
    ({ Findings, findings }) => ({ Findings: Findings ?? findings }),
  ],
  ['inspector', /^inspector2-api-/, { token: null }, (recorded) => recorded],
  [
    'guardduty',
    /^guardduty-api-aws-lambda/,
    { since: 0, detector: 'd0', ids: ['x'], further: null },
    (recorded) => ({ Findings: [recorded] }),
  ],
]
const recorded = RECORDED.flatMap(([id, form, at, answer]) =>
  CORPUS_FILES.filter((file) => form.test(basename(file)) && !file.includes('derived')).map(
    (file) => [basename(file), id, at, answer(JSON.parse(corpusText(file)))] as const,
  ),
)
const place = { account: '123456789012', region: 'eu-west-1', partition: 'aws' }
const identity = ({ id, source, type, status, observedAt }: Finding) => ({
  id,
  source,
  type,
  status,
  observedAt,
})

if (recorded.length > 0)
  test.each(recorded)('%s is read as it would be by itself', (_, id, at, answer) => {
    const taken = detectorOf(id).take(at, answer, place)
    const asked = parseEvents(taken.events, 'asked')
    const byItself = parseEvents(answer, 'answer')
    expect(asked.findings.map(identity)).toEqual(byItself.findings.map(identity))
    expect(asked.rejected.map(({ code, field }) => [code, field?.replace(/^detail\./, '')])).toEqual(
      byItself.rejected.map(({ code, field }) => [code, field]),
    )
    expect(asked.findings.length + asked.rejected.length).toBeGreaterThan(0)
    expect(taken.next).toBeUndefined()
  })
