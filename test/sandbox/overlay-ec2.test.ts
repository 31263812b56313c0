import {
  DescribeAddressesCommand,
  DescribeFastLaunchImagesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  EnableSnapshotBlockPublicAccessCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  ModifySnapshotAttributeCommand,
  type ModifySnapshotAttributeCommandInput,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { DescribePatchGroupsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { openRules } from './open-rules.ts'

const sandbox = withSandbox()
let ec2: EC2Client
beforeAll(() => {
  ec2 = new EC2Client(clientConfig(sandbox()))
})
beforeEach(() => sandbox().reset())

const permissions = async (id = sandbox().seeds['public-snapshot']) => {
  const read = new DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: 'createVolumePermission' })
  const { CreateVolumePermissions = [] } = await ec2.send(read)
  return CreateVolumePermissions.map(({ Group, UserId }) => Group ?? UserId).sort()
}
const modify = (input: Partial<ModifySnapshotAttributeCommandInput>) =>
  ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId: sandbox().seeds['public-snapshot'], ...input }))

describe('the attribute of a snapshot', () => {
  test('changes by either form of the call, and only as it says', async () => {
    expect(await permissions()).toEqual(['111122223333', 'all'])
    await modify({ CreateVolumePermission: { Remove: [{ Group: 'all' }] } })
    expect(await permissions()).toEqual(['111122223333'])
    await modify({ CreateVolumePermission: { Add: [{ UserId: '222233334444' }, { Group: 'all' }] } })
    expect(await permissions()).toEqual(['111122223333', '222233334444', 'all'])
    await modify({ Attribute: 'createVolumePermission', OperationType: 'remove', GroupNames: ['all'] })
    expect(await permissions()).toEqual(['111122223333', '222233334444'])
  })

  test('does not change by a dry run of either form', async () => {
    const dryRun = { name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } }
    const removal = { CreateVolumePermission: { Remove: [{ Group: 'all' as const }] } }
    await expect(modify({ ...removal, DryRun: true })).rejects.toMatchObject(dryRun)
    const words = {
      Attribute: 'createVolumePermission',
      OperationType: 'remove',
      GroupNames: ['all'],
    } as const
    await expect(modify({ ...words, GroupNames: ['all'], DryRun: true })).rejects.toMatchObject(dryRun)
    expect(await permissions()).toEqual(['111122223333', 'all'])
  })
})

test('only snapshots that everybody may restore are listed when these are asked for', async () => {
  const list = async (input: object) =>
    (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], ...input }))).Snapshots?.map(
      (s) => s.SnapshotId,
    )
  const { 'public-snapshot': open, 'private-snapshot': own } = sandbox().seeds
  expect((await list({}))?.sort()).toEqual([open, own].sort())
  expect(await list({ RestorableByUserIds: ['all'] })).toEqual([open])
})

test('block public access of snapshots has a state for each region, unblocked at first', async () => {
  const state = (client: EC2Client) => client.send(new GetSnapshotBlockPublicAccessStateCommand({}))
  expect(await state(ec2)).toMatchObject({ State: 'unblocked', ManagedBy: 'account' })
  await ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' }))
  expect(await state(ec2)).toMatchObject({ State: 'block-all-sharing' })
  const elsewhere = new EC2Client({ ...clientConfig(sandbox()), region: 'eu-central-1' })
  expect(await state(elsewhere)).toMatchObject({ State: 'unblocked' })
})

describe('revoking by rule id', () => {
  test('of which one is not there revokes nothing and says so under its own code', async () => {
    const { 'db-open-common-ports': GroupId } = sandbox().seeds
    const rules = await openRules(ec2, GroupId!)
    const revoke = (SecurityGroupRuleIds: string[], DryRun = false) =>
      ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds, DryRun }))
    await revoke([rules[0]!])
    await expect(revoke(rules)).rejects.toMatchObject({ name: 'InvalidSecurityGroupRuleId.NotFound' })
    expect(await openRules(ec2, GroupId!)).toEqual(rules.slice(1))
    await expect(revoke(rules.slice(1), true)).rejects.toMatchObject({ name: 'DryRunOperation' })
    expect(await openRules(ec2, GroupId!)).toEqual(rules.slice(1))
  })
})

test('network interfaces are found by group and by public address', async () => {
  const { 'own-elastic-ip': address, 'web-ssh-open': group, 'web-server-interface': web } = sandbox().seeds
  const find = async (Name: string, ...Values: string[]) => {
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name, Values }] }),
    )
    return NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId)
  }
  expect(await find('group-id', group!)).toEqual([web])
  expect(await find('association.public-ip', '8.8.8.8', address!)).toEqual([web])
  expect(await find('addresses.association.public-ip', address!)).toEqual([web])
  expect(await find('association.public-ip', '8.8.8.8')).toEqual([])
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({}))
  expect(Addresses?.map(({ PublicIp }) => PublicIp)).toEqual([address])
})

describe('an operation that the emulator has never heard of', () => {
  test('is a plain 501, not an answer that cannot be parsed, and is not retried', async () => {
    const unknown = { name: 'NotImplemented', $metadata: { httpStatusCode: 501, attempts: 1 } }
    await expect(ec2.send(new DescribeFastLaunchImagesCommand({}))).rejects.toMatchObject(unknown)
    const ssm = new SSMClient(clientConfig(sandbox()))
    await expect(ssm.send(new DescribePatchGroupsCommand({}))).rejects.toMatchObject(unknown)
  })
})

describe('who is calling', () => {
  test('is an IAM user, and after AssumeRole a session of the other account, with nothing of ours', async () => {
    const config = clientConfig(sandbox())
    const sts = new STSClient(config)
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/sandbox',
    })
    const RoleArn = 'arn:aws:iam::222233334444:role/RectifyMember'
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run-1', ExternalId: 'shared' }),
    )
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    }
    const other = new STSClient({ ...config, credentials })
    expect(await other.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '222233334444',
      Arn: 'arn:aws:sts::222233334444:assumed-role/RectifyMember/run-1',
    })
    const snapshots = new DescribeSnapshotsCommand({ OwnerIds: ['self'] })
    expect((await new EC2Client({ ...config, credentials }).send(snapshots)).Snapshots).toEqual([])
    expect(sandbox().requests.at(-1)).toMatchObject({
      operation: 'DescribeSnapshots',
      account: '222233334444',
    })
  })
})
