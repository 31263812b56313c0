import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { RehearsalSummary } from '../../src/reports/rehearsal/summary.ts'
import type { SandboxEnvironment } from '../../src/sandbox/client-config.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { table } from '../playbooks/dynamodb/protect-from-deletion.table.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { wireTo } from '../support/wire.ts'
import { replaced } from './detected-events.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { type Ended, type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** A rehearsal that enters other accounts by their roles: the emulator keeps what each account has apart. */

const sandbox = withSandbox({ seed: false })
const MEMBER = '444455556666'
const CLOSED = '999988887777'
const EXTERNAL_ID = 'hub-of-acme'

let own: Program
let ended: Ended & Awaited<ReturnType<Program['report']>>
/** Groups that are open to the world: of the hub, and of the member one that may be changed and one that may not. */
let groups: { hub: string; granted: string; denied: string }
let planted: Planter

const summary = () => (JSON.parse(ended.stdout) as { summary: RehearsalSummary }).summary
const runAbout = (id: string) => ended.runs.find(({ resource }) => resource.endsWith(id))!

/** The keys by which somebody of the member account makes what stands in it. */
async function memberEnvironment(): Promise<SandboxEnvironment> {
  const sts = new STSClient(clientConfig(sandbox()))
  const role = {
    RoleArn: `arn:aws:iam::${MEMBER}:role/OrganizationAccountAccessRole`,
    RoleSessionName: 'ann',
  }
  const { Credentials } = await sts.send(new AssumeRoleCommand(role))
  const { AccessKeyId = '', SecretAccessKey = '' } = Credentials ?? {}
  return { ...sandbox().env, AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }
}

/** A role of the member, as member-role.yaml makes it: it lets the hub in, and may do so much. */
async function role(iam: IAMClient, RoleName: string, statements: object[]): Promise<void> {
  const Trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${sandbox().account}:root` },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
  }
  const document = (Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document([Trust]) }))
  const PolicyDocument = document(statements)
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'playbooks', PolicyDocument }))
}

beforeAll(async () => {
  const env = await memberEnvironment()
  const iam = new IAMClient(clientConfig({ ...sandbox(), env }))
  planted = plantIn({ ...sandbox(), env })
  const { group } = planted
  groups = {
    hub: await plantIn(sandbox()).group({ source: '0.0.0.0/0' }),
    granted: await group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8' }),
    denied: await group({ source: '0.0.0.0/0' }),
  }
  await planted.configRule('restricted-ssh', 'INCOMING_SSH_DISABLED', {})
  if (!('plant' in table.wire)) throw new Error('the table is not planted')
  const { id } = await table.wire.plant(wireTo(clientConfig({ ...sandbox(), env }), MEMBER))
  await role(iam, 'RectifyRead', [{ Effect: 'Allow', Action: '*', Resource: '*' }])
  const on = `arn:aws:ec2:us-east-1:${MEMBER}:security-group/${groups.granted}`
  await role(iam, 'RectifyChange', [
    { Effect: 'Allow', Action: 'ec2:RevokeSecurityGroupIngress', Resource: on },
  ])

  own = programIn(sandbox(), { env: { RECTIFY_EXTERNAL_ID: EXTERNAL_ID } })
  own.strike(
    'AssumeRole',
    { kind: 'error', status: 403, code: 'AccessDenied' },
    { when: ({ input }) => String(input.RoleArn).includes(CLOSED) },
  )
  const unprotected = configRule('dynamodb-table-deletion-protection-enabled', 'AWS::DynamoDB::Table', id)
  own.write('event.json', replaced(unprotected, { [sandbox().account]: MEMBER }))
  const accounts = [sandbox().account, MEMBER, CLOSED].join(',')
  ended = await own.report('rehearse', 'event.json', '--from', 'config', '--accounts', accounts)
}, 60_000)

test('what stands in a member account is found and planned there, beside that of the caller', () => {
  expect(ended.runs.map(({ account, outcome }) => `${account} ${outcome}`).sort()).toEqual([
    `${sandbox().account} rehearsed`,
    `${MEMBER} rehearsed`,
    `${MEMBER} rehearsed`,
    `${MEMBER} rehearsed`,
  ])
  expect(runAbout(groups.granted)).toMatchObject({
    account: MEMBER,
    resource: `arn:aws:ec2:us-east-1:${MEMBER}:security-group/${groups.granted}`,
    plan: { steps: [{ call: { operation: 'RevokeSecurityGroupIngress' } }] },
  })
  expect(runAbout(groups.hub).account).toBe(sandbox().account)
})

test('it is read by the reading role, and dry-run by the changing role in a session of the run', () => {
  const assumed = own.requests().filter(({ operation }) => operation === 'AssumeRole')
  const sessions = assumed.map(({ input }) => `${input.RoleArn} ${input.RoleSessionName} ${input.ExternalId}`)
  const arn = (name: string) => `arn:aws:iam::${MEMBER}:role/${name}`
  expect(sessions).toContain(`${arn('RectifyRead')} rectify ${EXTERNAL_ID}`)
  const { run: id } = runAbout(groups.granted)
  expect(sessions).toContain(`${arn('RectifyChange')} ${id} ${EXTERNAL_ID}`)
  const dryRuns = sandbox().requests.filter(({ dryRun }) => dryRun)
  expect(dryRuns.map(({ account }) => account).sort()).toEqual([sandbox().account, MEMBER, MEMBER])
})

describe('whether the calls would be allowed', () => {
  test('is answered for the changing role of the member, by dry run and by simulation', () => {
    expect(runAbout(groups.granted).results).toMatchObject([{ status: 'dryRunOk', by: 'DryRun' }])
    expect(runAbout(groups.denied).results).toMatchObject([
      {
        status: 'dryRunDenied',
        missing: [
          {
            action: 'ec2:RevokeSecurityGroupIngress',
            resource: `arn:aws:ec2:us-east-1:${MEMBER}:security-group/${groups.denied}`,
            principal: `arn:aws:iam::${MEMBER}:role/RectifyChange`,
            where: 'member',
          },
        ],
      },
    ])
    const ofTable = runAbout('unprotected-orders').results
    expect(ofTable.filter(({ status }) => status === 'simulatedDenied')).toMatchObject([
      { by: 'SimulatePrincipalPolicy', missing: [{ action: 'dynamodb:UpdateTable', where: 'member' }] },
    ])
  })

  test('and is granted where it says: in the member', () => {
    expect(summary().missing).toMatchObject([{ where: 'member', policy: { Version: '2012-10-17' } }])
  })
})

test('an account that cannot be entered is told, and holds up no other', () => {
  expect(ended.status).toBe(2)
  expect(JSON.parse(ended.stdout)).toMatchObject({
    incomplete: [
      expect.stringMatching(new RegExp(`^Account ${CLOSED} could not be entered: sts:AssumeRole`)),
    ],
  })
})

test('calls and time of the real thing are reckoned for each account', () => {
  const { places } = summary().real
  expect(places.map(({ account, changes }) => ({ account, changes }))).toEqual(
    expect.arrayContaining([
      { account: MEMBER, changes: 3 },
      { account: sandbox().account, changes: 1 },
    ]),
  )
  for (const { msPerCall } of places) expect(msPerCall).toBeGreaterThan(0)
})

test('nothing is changed in any of them', async () => {
  expect(changes(own).filter(({ operation }) => operation !== 'AssumeRole')).toEqual([])
  expect(await planted.ingress(groups.denied)).toEqual(['tcp 22-22 0.0.0.0/0'])
})
