import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { ours } from '../../playbooks/index.ts'
import { rolesAws } from '../../src/aws/roles.ts'
import { iamPolicy } from '../../src/cli/iam-policy.ts'
import { checksWhenAsked } from '../../src/engine/rehearsing/checks-when-asked.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import { missingPermissions } from '../../src/reports/rehearsal/missing-permissions.ts'
import type { Run } from '../../src/run/run.ts'
import { AUTO, finding, newWorld, start } from '../engine/simulated-world.ts'
import { namedBy } from '../playbooks/setting-table.ts'
import { tables } from '../playbooks/setting-tables.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { wireTo } from '../support/wire.ts'
import { sshOpen } from './detected-events.ts'
import { programIn } from './program-in-sandbox.ts'

/**
 * A rehearsal in an account whose changing role may do all but a few things: it names just those, and what it proposes,
 * granted, makes the next one clean.
 */

const sandbox = withSandbox()

const SETTINGS = [
  's3-block-public-access',
  's3-require-tls',
  'sns-remove-public-statement',
  'sqs-remove-public-statement',
  'kms-enable-rotation',
  'dynamodb-protect-from-deletion',
]
const GROUP = 'ec2-close-open-ingress'
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
})
/** All that is taken away from the role, and where. */
const TAKEN = ['ec2:RevokeSecurityGroupIngress', 's3:PutBucketPublicAccessBlock', 'sns:SetTopicAttributes']
const NOT_IN_BOUNDARY = 'kms:EnableKeyRotation'

let iam: IAMClient
let findings: Finding[]
let playbooks: AnyPlaybook[]
const world = newWorld(AUTO)

beforeAll(async () => {
  const config = clientConfig(sandbox())
  iam = new IAMClient(config)
  playbooks = ours.playbooks.filter(({ id }) => [GROUP, ...SETTINGS].includes(id))
  expect(playbooks).toHaveLength(SETTINGS.length + 1)
  const wire = wireTo(config, sandbox().account)
  findings = [
    finding(world, {
      ...{ source: 'config', type: 'INCOMING_SSH_DISABLED' },
      resources: [{ type: 'AWS::EC2::SecurityGroup', id: sandbox().seeds['web-ssh-open']! }],
    }),
  ]
  for (const table of tables.filter(({ playbook }) => SETTINGS.includes(playbook.id))) {
    if (!('plant' in table.wire)) throw new Error(`${table.playbook.id} is not planted`)
    const { id } = await table.wire.plant(wire)
    findings.push(finding(world, namedBy(table, sandbox().account, id)))
  }
  const { account, region } = sandbox()
  findings = findings.map((each) => ({ ...each, account, region }))
}, 60_000)

/** A role with what the playbooks need, but for some actions. */
async function role(RoleName: string, without: readonly string[]): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path: '/engine/', AssumeRolePolicyDocument: TRUST }),
  )
  const { Statement, Version } = iamPolicy(playbooks)
  const left = Statement.map(({ Action, ...rest }) => ({
    ...rest,
    Action: Action.filter((action) => !without.includes(action)),
  })).filter(({ Action }) => Action.length > 0)
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: RoleName,
      PolicyDocument: JSON.stringify({ Version, Statement: left }),
    }),
  )
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }))
  return Role!.Arn!
}

/** A boundary that lets everything through but one action. */
async function bounded(RoleName: string, without: string): Promise<string> {
  const Statement = [{ Effect: 'Allow', NotAction: without, Resource: '*' }]
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: `${RoleName}-boundary`,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  )
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: Policy!.Arn! }))
  return Policy!.Arn!
}

/** The rehearsal of a deployment whose changing role this is. */
async function rehearsal(role: string): Promise<Run[]> {
  const { credentials, ...place } = clientConfig(sandbox())
  const { services } = ours
  const aws = rolesAws({ services, ...place, credentials: async () => credentials, roleFor: () => role })()
  const { engine } = start(world, { aws, checks: checksWhenAsked(aws, world.clock) })
  return (await engine.handle(findings, 'rehearse')).runs.filter(({ plan }) => plan !== null)
}

const said = (runs: readonly Run[]) =>
  runs
    .flatMap(({ playbook, results }) => results.map(({ status, by }) => `${playbook} ${status} ${by ?? '-'}`))
    .sort()

describe('the changing role', () => {
  test('that lacks a few permissions has just those named, and with what is proposed nothing is denied', async () => {
    const arn = await role('rectify-lacking', TAKEN)
    await bounded('rectify-lacking', NOT_IN_BOUNDARY)
    const runs = await rehearsal(arn)
    expect(runs.map(({ playbook }) => playbook).sort()).toEqual([GROUP, ...SETTINGS].sort())
    const lacking = missingPermissions(runs)
    const { account } = sandbox()
    expect(
      lacking.map(({ principal, where, permissions }) => ({
        principal,
        where,
        actions: [...new Set(permissions.map(({ action }) => action))],
      })),
    ).toEqual([
      { principal: `arn:aws:iam::${account}:role/engine/rectify-lacking`, where: 'hub', actions: TAKEN },
      { principal: arn, where: 'boundary', actions: [NOT_IN_BOUNDARY] },
    ])
    expect(said(runs).filter((line) => line.includes('Denied'))).toEqual([
      'ec2-close-open-ingress dryRunDenied DryRun',
      'kms-enable-rotation simulatedDenied SimulatePrincipalPolicy',
      's3-block-public-access simulatedDenied SimulatePrincipalPolicy',
      'sns-remove-public-statement simulatedDenied SimulatePrincipalPolicy',
    ])

    const [own, boundary] = lacking.map(({ policy }) => JSON.stringify(policy))
    const granted = { RoleName: 'rectify-lacking', PolicyName: 'granted', PolicyDocument: own }
    await iam.send(new PutRolePolicyCommand(granted))
    expect(missingPermissions(await rehearsal(arn)).map(({ where }) => where)).toEqual(['boundary'])

    const wider = JSON.parse(boundary!) as { Statement: object[] }
    wider.Statement.push({ Effect: 'Allow', NotAction: NOT_IN_BOUNDARY, Resource: '*' })
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'wider', PolicyDocument: JSON.stringify(wider) }),
    )
    await iam.send(
      new PutRolePermissionsBoundaryCommand({
        RoleName: 'rectify-lacking',
        PermissionsBoundary: Policy!.Arn!,
      }),
    )
    const clean = await rehearsal(arn)
    expect(missingPermissions(clean)).toEqual([])
    expect(said(clean)).toEqual([
      'dynamodb-protect-from-deletion notCheckable -',
      'dynamodb-protect-from-deletion simulatedOk SimulatePrincipalPolicy',
      'ec2-close-open-ingress dryRunOk DryRun',
      // Its own policy has the first word, which nobody asks.
      'kms-enable-rotation notCheckable -',
      's3-block-public-access notCheckable -',
      's3-block-public-access simulatedOk SimulatePrincipalPolicy',
      's3-require-tls notCheckable -',
      's3-require-tls simulatedOk CheckNoPublicAccess',
      's3-require-tls simulatedOk SimulatePrincipalPolicy',
      's3-require-tls simulatedOk ValidatePolicy',
      'sns-remove-public-statement notCheckable -',
      'sns-remove-public-statement simulatedOk CheckNoPublicAccess',
      'sns-remove-public-statement simulatedOk SimulatePrincipalPolicy',
      'sns-remove-public-statement simulatedOk ValidatePolicy',
      // Nothing is left of its policy: there is none to check.
      'sqs-remove-public-statement notCheckable -',
      'sqs-remove-public-statement simulatedOk SimulatePrincipalPolicy',
    ])
  })
})

describe('at a terminal', () => {
  test('it is the role of the session that is asked about, by its path', async () => {
    const RoleArn = await role('rectify-person', ['ec2:RevokeSecurityGroupIngress'])
    const sts = new STSClient(clientConfig(sandbox()))
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ann' }))
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!
    const own = programIn(sandbox(), {
      env: {
        AWS_ACCESS_KEY_ID: AccessKeyId,
        AWS_SECRET_ACCESS_KEY: SecretAccessKey,
        AWS_SESSION_TOKEN: SessionToken,
      },
    })
    own.write('event.json', sshOpen(sandbox().seeds['web-ssh-open']!))
    const { status, runs } = await own.report('rehearse', 'event.json')
    expect({ status, results: runs[0]!.results }).toMatchObject({
      status: 0,
      results: [
        {
          status: 'dryRunDenied',
          by: 'DryRun',
          missing: [
            {
              action: 'ec2:RevokeSecurityGroupIngress',
              resource: expect.stringContaining(':security-group/'),
              principal: RoleArn,
              where: 'hub',
              statement: { Effect: 'Allow' },
            },
          ],
        },
      ],
    })
  })
})
