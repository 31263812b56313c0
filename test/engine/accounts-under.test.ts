import { expect, test } from '@jest/globals'
import { accountsUnder, UNIT_NEEDS } from '../../src/engine/asking/accounts-under.ts'
import { failure, type Handlers } from '../support/aws-model/failure.ts'
import { AwsModel } from '../support/aws-model.ts'
import { SimulatedClock } from '../support/clock.ts'

const ROOT = 'r-abcd'
const [OUTER, INNER] = ['ou-abcd-11111111', 'ou-abcd-22222222']
const UNITS: Record<string, string[]> = { [ROOT]: [OUTER], [OUTER]: [INNER], [INNER]: [] }
const ACCOUNTS: Record<string, { Id: string; Status?: string; State?: string }[]> = {
  [ROOT]: [{ Id: '900000000000', State: 'ACTIVE' }],
  [OUTER]: [
    { Id: '200000000000', Status: 'ACTIVE' },
    { Id: '300000000000', State: 'SUSPENDED', Status: 'ACTIVE' },
  ],
  [INNER]: [{ Id: '100000000000', State: 'ACTIVE', Status: 'ACTIVE' }],
}

function organization(handlers: Handlers = {}): AwsModel {
  const aws = new AwsModel(new SimulatedClock())
  aws.answering('organizations', {
    // One at a time, as AWS may.
    ListAccountsForParent: ({ ParentId, NextToken = '0' }) => {
      const all = ACCOUNTS[String(ParentId)]!
      const at = Number(NextToken)
      return { Accounts: all.slice(at, at + 1), ...(at + 1 < all.length && { NextToken: String(at + 1) }) }
    },
    ListOrganizationalUnitsForParent: ({ ParentId }) => ({
      OrganizationalUnits: UNITS[String(ParentId)]!.map((Id) => ({ Id })),
    }),
    ...handlers,
  })
  return aws
}

test.each([
  [ROOT, ['100000000000', '200000000000', '900000000000'], ['300000000000']],
  [OUTER, ['100000000000', '200000000000'], ['300000000000']],
  [INNER, ['100000000000'], []],
])(
  'the accounts of %s are those of all units in it, and which are not active is told',
  async (unit, active, others) => {
    const aws = organization()
    expect(await accountsUnder(aws, aws.place, unit)).toEqual({ active, others })
    const asked = new Set(aws.calls.map(({ action }) => action))
    expect([...asked].sort()).toEqual([...new Set(UNIT_NEEDS.map(({ action }) => action))].sort())
  },
)

test('some of the accounts are not taken for all', async () => {
  const aws = organization({
    ListOrganizationalUnitsForParent: () => {
      throw failure('organizations:ListOrganizationalUnitsForParent', 'AccessDeniedException')
    },
  })
  await expect(accountsUnder(aws, aws.place, OUTER)).rejects.toMatchObject({
    action: 'organizations:ListOrganizationalUnitsForParent',
  })
})
