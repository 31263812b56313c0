import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2'
import { GetWebACLCommand, WAFV2Client } from '@aws-sdk/client-wafv2'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { parseEvents } from '../../src/findings/read.ts'
import { SOURCE_NAMES } from '../../src/findings/sources/source-names.ts'
import { answering } from '../../src/reports/triage/answering.ts'
import { detectorEvents } from '../../src/sandbox/sample-events/every-detector.ts'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const sandbox = withSandbox()
let ec2: EC2Client
beforeAll(() => {
  ec2 = new EC2Client(clientConfig(sandbox()))
})

async function ingress(name: string) {
  const Filters = [{ Name: 'group-id', Values: [sandbox().seeds[name]!] }]
  const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)
}

describe('the seeds', () => {
  test('hold groups that are open in plain sight and in disguise', async () => {
    const sources = async (name: string) =>
      (await ingress(name))
        .map((r) => `${r.FromPort}-${r.ToPort} ${r.CidrIpv4 ?? r.CidrIpv6 ?? r.PrefixListId}`)
        .sort()
    expect(await sources('web-ssh-open')).toEqual(['22-22 0.0.0.0/0', '22-22 10.0.0.0/8', '80-80 0.0.0.0/0'])
    expect(await sources('db-open-common-ports')).toEqual([
      '3306-3306 0.0.0.0/0',
      '3306-3306 10.20.0.0/16',
      '3306-3306 ::/0',
      '3389-3389 0.0.0.0/0',
      '3389-3389 ::/0',
    ])
    expect(await sources('split-halves')).toEqual(['22-22 0.0.0.0/1', '22-22 128.0.0.0/1'])
    expect(await sources('range-open')).toEqual(['0-65535 0.0.0.0/0'])
    expect(await sources('closed')).toEqual([])
    const list = sandbox().seeds['prefix-list']
    expect(await sources('prefix-list-open')).toEqual([`22-22 ${list}`])
    const { Entries } = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: list }))
    expect(Entries?.map(({ Cidr }) => Cidr)).toContain('0.0.0.0/0')
  })

  test('give rules descriptions and tags, so that an undo has something to restore', async () => {
    const open = (await ingress('web-ssh-open')).find(
      ({ FromPort, CidrIpv4 }) => FromPort === 22 && CidrIpv4 === '0.0.0.0/0',
    )
    expect(open).toMatchObject({ Description: 'temporary, ticket 4711' })
    expect(open?.Tags).toContainEqual({ Key: 'ticket', Value: '4711' })
  })

  test('mark the bastion as production', async () => {
    const read = new DescribeSecurityGroupsCommand({ GroupIds: [sandbox().seeds['prod-bastion']!] })
    expect((await ec2.send(read)).SecurityGroups?.[0]?.Tags).toContainEqual({
      Key: 'environment',
      Value: 'prod',
    })
  })

  test('hold a web ACL that blocks on both sets', async () => {
    const { 'rectify-demo': Id, ...seeds } = sandbox().seeds
    const wafv2 = new WAFV2Client(clientConfig(sandbox()))
    const { WebACL } = await wafv2.send(new GetWebACLCommand({ Name: 'rectify-demo', Scope: 'REGIONAL', Id }))
    expect(
      WebACL?.Rules?.map(({ Action, Statement }) => [Action, Statement?.IPSetReferenceStatement?.ARN]),
    ).toEqual([
      [{ Block: {} }, seeds['rectify-block-v4-arn']],
      [{ Block: {} }, seeds['rectify-block-v6-arn']],
    ])
  })
})

describe('the sample events', () => {
  test('are about the seeds and each has an id of its own', () => {
    const events = [...sampleEvents(sandbox().seeds), ...detectorEvents(sandbox().seeds)]
    expect(new Set(events.map(({ name }) => name)).size).toBe(events.length)
    const bus = events.filter(({ event }) => event['detail-type'] !== undefined)
    expect(bus.length).toBeGreaterThan(sampleEvents(sandbox().seeds).length)
    expect(new Set(bus.map(({ event }) => event.id)).size).toBe(bus.length)
    expect(JSON.stringify(events)).not.toContain('undefined')
  })

  test('are understood as what they are: holes, and what is to be left alone', () => {
    const findings = sampleEvents(sandbox().seeds).map(({ name, event }) => {
      const { findings, rejected } = parseEvents(event, name)
      expect(rejected).toEqual([])
      return [name, findings[0]?.type, findings[0]?.status, findings[0]?.resources[0]?.id]
    })
    const { seeds } = sandbox()
    expect(findings).toContainEqual(['ssh-open', 'INCOMING_SSH_DISABLED', 'active', seeds['web-ssh-open']])
    expect(findings).toContainEqual([
      'ssh-resolved',
      'INCOMING_SSH_DISABLED',
      'resolved',
      seeds['web-ssh-open'],
    ])
    const probe = 'Recon:EC2/PortProbeUnprotectedPort'
    expect(findings).toContainEqual(['port-probe', probe, 'active', seeds['web-server']])
    expect(findings).toContainEqual(['port-probe-sample', probe, 'sample', 'i-99999999'])
  })

  test('speak for every detector that is read, and come to what triage says of them', () => {
    const { seeds } = sandbox()
    const said = detectorEvents(seeds).map(({ name, event }) => {
      const { findings, rejected } = parseEvents(event, name)
      expect({ name, rejected, count: findings.length }).toEqual({ name, rejected: [], count: 1 })
      const [finding] = findings
      const { playbooks: by, ignored } = answering(finding!, playbooks)
      const about = finding!.resources.map(({ id }) => nameOf(id, seeds))
      return [name, finding!.source, about.join(' '), by.join(' ') || ignored]
    })
    expect(said).toEqual(SAID)
    const sources = [...sampleEvents(seeds), ...detectorEvents(seeds)].flatMap(({ name, event }) =>
      parseEvents(event, name).findings.map(({ source }) => source),
    )
    expect([...new Set(sources)].sort()).toEqual(Object.keys(SOURCE_NAMES).sort())
  })
})

describe('a sandbox', () => {
  test('starts on the port that was asked for, and says so when it is taken', async () => {
    const port = Number(new URL(sandbox().endpoint).port)
    await expect(startSandbox({ port, seed: false })).rejects.toMatchObject({
      name: 'BadRequest',
      kind: 'usage',
      message: expect.stringContaining(String(port)),
    })
  })

  test('has faults from its start on that do not strike its own seeds', async () => {
    const other = await startSandbox({ faults: [{ service: 'ec2', fault: { kind: 'deny' } }] })
    try {
      expect(other.requests).toEqual([])
      const read = new EC2Client(clientConfig(other)).send(new DescribeSecurityGroupsCommand({}))
      await expect(read).rejects.toMatchObject({ name: 'UnauthorizedOperation' })
    } finally {
      await other.stop()
    }
    expect(() => process.kill(other.emulator.pid, 0)).toThrow('ESRCH')
    await expect(fetch(other.endpoint)).rejects.toThrow()
  })

  test('emptied holds nothing, and what goes wrong in it still does', async () => {
    const fault = { operation: 'DescribeVpcs', fault: { kind: 'deny' as const } }
    sandbox().faults.push(fault)
    await sandbox().empty()
    expect(sandbox().faults).toEqual([fault])
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand())
    expect(SecurityGroups.map(({ GroupName }) => GroupName)).toEqual(['default'])
    await sandbox().reset()
    expect(sandbox().faults).toEqual([])
  })

  test('is as freshly started after a reset', async () => {
    const before = sandbox().seeds['web-ssh-open']
    sandbox().faults.push({ fault: { kind: 'deny' } })
    await sandbox().reset()
    expect(sandbox().seeds['web-ssh-open']).not.toBe(before)
    expect(sandbox().faults).toEqual([])
    expect(sandbox().requests).toEqual([])
    const { SecurityGroups } = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['web-ssh-open'] }] }),
    )
    expect(SecurityGroups).toHaveLength(1)
  })
})

const nameOf = (id: string, seeds: Record<string, string>) =>
  Object.entries(seeds).find(([, seed]) => id === seed)?.[0] ?? id

/** Of each event of another detector: its source, what it is about, and who answers or why nobody does. */
const SAID = [
  ['securityhub-control', 'securityhub', 'range-open', 'ec2-close-open-ingress'],
  ['securityhub-custom-action', 'securityhub', 'split-halves', 'ec2-close-open-ingress'],
  ['securityhub-v2', 'securityhub', 'prefix-list-open', 'ec2-close-open-ingress'],
  ['securityhub-two-buckets', 'securityhub', 'exports-bucket reports-bucket', 's3-block-public-access'],
  ['inspector-reachable-port', 'inspector', 'web-server', 'ec2-close-open-ingress'],
  ['inspector-missing-patch', 'inspector', 'patch-me', 'ssm-patch-instance'],
  ['trusted-advisor', 'trustedadvisor', 'db-open-common-ports', 'ec2-close-open-ingress'],
  ['access-analyzer', 'accessanalyzer', 'public-snapshot', 'ec2-unshare-public-snapshot'],
  ['macie', 'macie', 'exports-bucket', 's3-block-public-access'],
  ['cloudtrail-call', 'cloudtrail', 'web-ssh-open', 'ec2-close-open-ingress'],
  [
    'guardduty-attack-sequence',
    'guardduty',
    'exports-bucket reports-bucket AKIAEXAMPLE000000BOB',
    'no playbook answers guardduty AttackSequence:S3/CompromisedData',
  ],
  ['config-by-topic', 'config', 'web-server', 'ec2-require-imdsv2'],
  [
    'inspector-classic',
    'inspector',
    'arn:aws:inspector:us-east-1:123456789012:target/0-aB3dE5fG',
    'no playbook answers inspector FINDING_REPORTED',
  ],
  ['prowler', 'prowler', 'web-server', 'ec2-require-imdsv2'],
  ['custodian', 'custodian', 'range-open', 'no playbook answers custodian groups-open-to-the-world'],
  ['health', 'health', 'AKIAEXAMPLE000000BOB', 'no playbook answers health AWS_RISK_CREDENTIALS_EXPOSED'],
  ['schedule', 'schedule', 'nightly-report', 'notice'],
  ['tags', 'tag', 'web-server', 'no playbook answers tag ec2:instance'],
  ['systems-manager', 'ssm', 'patch-needs-reboot', 'no playbook answers ssm Compliance:Patch'],
  ['systems-manager-command', 'ssm', 'web-server', 'notice'],
]
