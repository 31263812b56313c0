import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sdkAws } from '../../src/aws/sdk.ts'
import { accountPlaces } from '../../src/engine/account-places.ts'
import { systemClock } from '../../src/engine/system.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const BOTH = { path: true, tags: true }

const sandbox = withSandbox()
let organizations: OrganizationsClient
beforeAll(() => {
  organizations = new OrganizationsClient(clientConfig(sandbox()))
})
beforeEach(() => sandbox().reset())
afterEach(() => {
  sandbox().faults.length = 0
})
afterAll(() => organizations.destroy())

/** Asks as a new process: nothing is remembered. */
function ask(account: string, asks = BOTH) {
  const { endpoint, region, credentials } = clientConfig(sandbox())
  const aws = sdkAws({ services: [], endpoint, region, credentials: async () => credentials, attempts: 1 })
  const home = async () => ({
    account: (await aws.identity()).account,
    region: 'us-east-1',
    partition: 'aws',
  })
  return accountPlaces(aws, home, systemClock)(account, asks)
}

/** An organisation with units in each other, and an account in the innermost. */
async function planted() {
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
  const { Roots: [root] = [] } = await organizations.send(new ListRootsCommand({}))
  const unit = async (Name: string, ParentId: string) => {
    const made = await organizations.send(new CreateOrganizationalUnitCommand({ Name, ParentId }))
    return made.OrganizationalUnit!.Id!
  }
  const outer = await unit('workloads', root!.Id!)
  const inner = await unit('production', outer)
  const made = await organizations.send(
    new CreateAccountCommand({ AccountName: 'web', Email: 'web@example.com' }),
  )
  const AccountId = made.CreateAccountStatus!.AccountId!
  const move = { AccountId, SourceParentId: root!.Id!, DestinationParentId: inner }
  await organizations.send(new MoveAccountCommand(move))
  const Tags = [
    { Key: 'tier', Value: '1' },
    { Key: 'owner', Value: '' },
  ]
  await organizations.send(new TagResourceCommand({ ResourceId: AccountId, Tags }))
  return { account: AccountId, path: [root!.Id!, outer, inner] }
}

describe('AWS Organizations', () => {
  test('tells in which units an account is, however deep, and how it is tagged', async () => {
    const { account, path } = await planted()
    expect(await ask(account)).toEqual({ path, tags: { tier: '1', owner: '' } })
    const own = (await ask('123456789012')).path
    expect(own).toEqual(path.slice(0, 1))
  })

  test('does not tell of an account that is not in it', async () => {
    await planted()
    expect(await ask('999900001111')).toEqual({
      path: 'unread',
      tags: 'unread',
      unreadable: expect.stringMatching(
        /organizations:DescribeAccount: .*organizations:ListTagsForResource: /,
      ),
    })
  })

  test('tells nothing where there is none', async () => {
    expect(await ask('123456789012')).toMatchObject({
      path: 'unread',
      tags: 'unread',
      unreadable: expect.stringMatching(
        /^organizations:DescribeAccount: .*; organizations:ListTagsForResource: /,
      ),
    })
  })

  test.each([
    [{ kind: 'deny' } as const, /only the management account and delegated administrators/],
    [{ kind: 'throttle' } as const, /^organizations:ListParents: /],
  ])('tells nothing of units while it answers ListParents by %j', async (fault, why) => {
    const { account } = await planted()
    sandbox().faults.push({ operation: 'ListParents', fault })
    expect(await ask(account)).toMatchObject({
      path: 'unread',
      tags: { tier: '1' },
      unreadable: expect.stringMatching(why),
    })
  })
})
