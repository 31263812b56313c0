import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { sshOpen } from './detected-events.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { APPROVE, type Ended, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** `rectify sweep --detectors` and `rectify rehearse --from`: no event is handed in here. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeEach(async () => {
  await sandbox().reset()
  plant = plantIn(sandbox())
})

interface AskedJson {
  detector: string
  state: string
  calls: number
  findings: number
  action?: string
}
const askedIn = ({ stdout }: Ended): AskedJson[] => (JSON.parse(stdout) as { asked: AskedJson[] }).asked
const states = (ended: Ended) => askedIn(ended).map(({ detector, state }) => `${detector} ${state}`)

const ALL = ['config asked', 'securityhub asked', 'guardduty off', 'accessanalyzer off', 'inspector asked']

test('finds what is open, puts it right, and has nothing left to do when it is called again', async () => {
  const groups = [
    await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8' }),
    await plant.group({ source: '0.0.0.0/0', port: 3389 }),
  ]
  const own = programIn(sandbox())
  const ended = await own.report('sweep', '--detectors')
  const { status, runs, stderr } = ended
  expect(status).toBe(0)
  expect(states(ended)).toEqual(ALL)
  expect(askedIn(ended)[0]).toMatchObject({ calls: 3, findings: 2 })
  expect(runs.map(({ outcome }) => outcome)).toEqual(['remediated', 'remediated'])
  expect(await plant.ingress(groups[0]!)).toEqual(['tcp 22-22 10.0.0.0/8'])
  expect(await plant.ingress(groups[1]!)).toEqual([])
  expect(stderr).toContain('AWS Config in us-east-1: 2 open findings in 3 calls')
  expect(stderr).toContain('GuardDuty in us-east-1: not enabled')

  const again = await own.report('sweep', '--detectors')
  expect(again).toMatchObject({ status: 0, runs: [] })
  expect(states(again)).toEqual(ALL)
})

test('makes one run of what AWS Config and Security Hub say of a group', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const arn = `arn:aws:ec2:us-east-1:${sandbox().account}:security-group/${group}`
  const at = new Date().toISOString()
  const finding: AwsSecurityFinding = {
    SchemaVersion: '2018-10-08',
    Id: `finding-about-${group}`,
    ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/securityhub',
    GeneratorId: 'security-control/EC2.13',
    AwsAccountId: sandbox().account,
    Region: 'us-east-1',
    Types: ['Software and Configuration Checks'],
    CreatedAt: at,
    UpdatedAt: at,
    Title: 'Port 22',
    Description: 'is open',
    Severity: { Label: 'HIGH' },
    Resources: [{ Type: 'AwsEc2SecurityGroup', Id: arn }],
    Compliance: { Status: 'FAILED', SecurityControlId: 'EC2.13' },
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
  }
  const hub = new SecurityHubClient(clientConfig(sandbox()))
  await hub.send(new BatchImportFindingsCommand({ Findings: [finding] }))
  hub.destroy()
  const { runs } = await programIn(sandbox()).report('sweep', '--detectors')
  expect(runs).toMatchObject([{ outcome: 'remediated' }])
  expect(runs[0]?.findings).toHaveLength(2)
  expect(runs[0]?.findings).toContain(finding.Id)
})

test('does what the others say where a detector may not be read, names the action, and ends with status 2', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const own = programIn(sandbox())
  own.strike('GetFindings', { kind: 'error', status: 403, code: 'AccessDeniedException' })
  const ended = await own.report('sweep', '--detectors')
  const { status, runs, stderr } = ended
  expect(status).toBe(2)
  expect(runs).toMatchObject([{ outcome: 'remediated' }])
  expect(await plant.ingress(group)).toEqual([])
  expect(askedIn(ended)[1]).toMatchObject({ state: 'unread', action: 'securityhub:GetFindings' })
  expect(stderr).toContain('Security Hub in us-east-1 could not be asked: securityhub:GetFindings')
})

test('asks where the policy says so, changes nothing without a policy, and takes no stack', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const asking = programIn(sandbox(), { policy: APPROVE })
  expect(await asking.report('sweep', '--detectors')).toMatchObject({
    status: 3,
    runs: [{ state: 'waiting', waitingFor: 'approval' }],
  })
  const without = programIn(sandbox(), { policy: 'none' })
  expect(await without.report('sweep', '--detectors')).toMatchObject({
    status: 3,
    runs: [{ outcome: 'blocked' }],
  })
  const beside = programIn(sandbox())
  expect(await beside.failure('sweep', '--detectors', '--stack', 'prod')).toMatchObject({ status: 2 })
  expect(beside.requests()).toEqual([])
  expect(existsSync(join(beside.folder, '.rectify'))).toBe(false)
  const changed = [...changes(asking), ...changes(without)].filter(({ service }) => service === 'ec2')
  expect(changed).toEqual([])
  expect(await plant.ingress(group)).toEqual(['tcp 22-22 0.0.0.0/0'])
})

test('killed while it asks, it asks again and puts right what it would have', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const own = programIn(sandbox())
  const running = own.start('sweep', '--detectors')
  const heal = own.strike('GetFindings', { kind: 'hook', before: () => running.child.kill('SIGKILL') })
  expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
  heal()
  expect(await plant.ingress(group)).toEqual(['tcp 22-22 0.0.0.0/0'])
  expect(await own.report('sweep', '--detectors')).toMatchObject({
    status: 0,
    runs: [{ outcome: 'remediated' }],
  })
})

describe('rehearse --from', () => {
  const DETECTORS = 'config,securityhub,guardduty'

  test('rehearses what they say is open, tells who is off, and changes nothing', async () => {
    const group = await plant.group({ source: '0.0.0.0/0' })
    const own = programIn(sandbox())
    const ended = await own.report('rehearse', '--from', DETECTORS, '--since', '30d')
    expect(ended).toMatchObject({ status: 0, runs: [{ outcome: 'rehearsed' }] })
    expect(states(ended)).toEqual(['config asked', 'securityhub asked', 'guardduty off'])
    expect(ended.stderr).toContain('GuardDuty in')
    expect(changes(own)).toEqual([])
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 0.0.0.0/0'])
    expect(existsSync(join(own.folder, '.rectify'))).toBe(false)
  })

  test('goes on after an interruption, or when its calls are spent, without doing again what was done', async () => {
    await plant.group({ source: '0.0.0.0/0' })
    await plant.group({ source: '0.0.0.0/0' })
    const own = programIn(sandbox())
    const running = own.start('rehearse', '--from', DETECTORS)
    const interrupt = { kind: 'hook' as const, before: () => running.child.kill('SIGINT') }
    const heal = own.strike('RevokeSecurityGroupIngress', interrupt, { count: 1 })
    const interrupted = await running.ended
    heal()
    expect(interrupted).toMatchObject({ status: 130, signal: null })
    expect(JSON.parse(interrupted.stdout)).toMatchObject({
      runs: [{ outcome: 'rehearsed' }, { outcome: 'rehearsed' }],
      incomplete: [expect.stringMatching(/^It was interrupted after 2 runs: .* --resume goes on/)],
    })
    const before = own.requests().filter(({ service }) => service === 'ec2').length
    const again = await own.report('rehearse', '--from', DETECTORS, '--resume')
    expect(again).toMatchObject({ status: 0, runs: [{ outcome: 'rehearsed' }, { outcome: 'rehearsed' }] })
    expect(again.stderr).toContain('going on with the rehearsal')
    expect(JSON.parse(again.stdout)).not.toHaveProperty('incomplete')
    expect(own.requests().filter(({ service }) => service === 'ec2')).toHaveLength(before)
    expect(await own.failure('rehearse', '--from', DETECTORS, '--resume')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is nothing to go on with'),
    })

    const some = await own.report('rehearse', '--from', DETECTORS, '--calls', '1')
    expect(JSON.parse(some.stdout)).toMatchObject({
      runs: [],
      incomplete: [expect.stringMatching(/not asked to the end: 1 calls were made, and 3 of 3/)],
    })
    expect(await own.report('rehearse', '--from', DETECTORS, '--resume')).toMatchObject({
      status: 0,
      runs: [{ outcome: 'rehearsed' }, { outcome: 'rehearsed' }],
    })
  })

  test('goes on with the same files only, and where credentials ran out meanwhile', async () => {
    const groups = [await plant.group({ source: '0.0.0.0/0' }), await plant.group({ source: '0.0.0.0/0' })]
    const own = programIn(sandbox())
    const events = groups.map((group) => JSON.stringify(sshOpen(group))).join('\n')
    own.write('events.ndjson', events)
    const heal = own.strike(
      'RevokeSecurityGroupIngress',
      { kind: 'error', status: 403, code: 'ExpiredToken' },
      { nth: 2 },
    )
    const lost = await own.failure('rehearse', 'events.ndjson')
    heal()
    expect(lost).toMatchObject({ status: 2, error: { kind: 'credentials' } })
    expect(lost.stderr).toContain('1 runs are kept: the same command with --resume goes on')

    own.write('events.ndjson', `${events}\n${events}`)
    expect(await own.failure('rehearse', 'events.ndjson', '--resume')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('what the files hold is not what it was'),
    })
    own.write('events.ndjson', events)
    const dryRuns = () => own.requests().filter(({ dryRun }) => dryRun).length
    const before = dryRuns()
    expect(await own.report('rehearse', 'events.ndjson', '--resume')).toMatchObject({
      status: 0,
      runs: [{ outcome: 'rehearsed' }, { outcome: 'rehearsed' }],
    })
    expect(dryRuns()).toBe(before + 1)
  })

  test('makes all reports but the one that cannot be written, and that one when it goes on', async () => {
    const own = programIn(sandbox())
    own.write('events.json', sshOpen(await plant.group({ source: '0.0.0.0/0' })))
    const rehearse = ['rehearse', 'events.json', '--html', 'r.html', '--fail-on', 'missing-permission']
    const inTheWay = { kind: 'hook' as const, before: () => mkdirSync(join(own.folder, 'r.html')) }
    const heal = [
      own.strike('RevokeSecurityGroupIngress', inTheWay, { count: 1 }),
      own.strike('RevokeSecurityGroupIngress', { kind: 'deny' }),
    ]
    const failed = await own.start(...rehearse, '--csv', 'r.csv').ended
    for (const each of heal) each()
    expect(failed.status).toBe(2)
    for (const line of [
      'the report cannot be written',
      'wrote r.csv',
      '--fail-on missing-permission: ',
      '1 runs are kept',
    ])
      expect(failed.stderr).toContain(line)
    expect(own.read('r.csv').trim().split('\n')).toHaveLength(2)

    rmSync(join(own.folder, 'r.html'), { recursive: true })
    const before = own.requests().length
    expect(await own.report(...rehearse, '--resume')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('wrote r.html'),
      runs: [{ outcome: 'rehearsed' }],
    })
    expect(
      own
        .requests()
        .slice(before)
        .filter(({ service }) => service === 'ec2'),
    ).toEqual([])
    expect(await own.failure(...rehearse, '--resume')).toMatchObject({
      stderr: expect.stringContaining('there is nothing to go on with'),
    })
  })

  test('says which accounts cannot be entered, and rehearses the others', async () => {
    await plant.group({ source: '0.0.0.0/0' })
    const own = programIn(sandbox())
    own.strike('AssumeRole', { kind: 'error', status: 403, code: 'AccessDenied' })
    const both = `999988887777,${sandbox().account}`
    const ended = await own.report('rehearse', '--from', 'config', '--accounts', both)
    expect(ended).toMatchObject({ status: 2, runs: [{ outcome: 'rehearsed' }] })
    expect(JSON.parse(ended.stdout)).toMatchObject({
      incomplete: [expect.stringMatching(/^Account 999988887777 could not be entered: sts:AssumeRole/)],
    })
  })
})
