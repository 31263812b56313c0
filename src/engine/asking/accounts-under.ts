import type { Aws, Place } from '../../aws/port.ts'
import type { Permission } from '../../playbook/permissions.ts'
import type { Reader } from '../../playbook/playbook.ts'

/** What it takes of IAM to tell the accounts of a unit. */
export const UNIT_NEEDS: readonly Permission[] = [
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
].flatMap((action) =>
  ['ou/*', 'root/*'].map((of) => ({ action, resource: `arn:{partition}:organizations::*:${of}` })),
)

/** Ids of the accounts of a unit and of all units in it, in order; those that are closed, or not yet open, apart. */
export interface AccountsUnder {
  active: string[]
  others: string[]
}

/**
 * Asks AWS Organizations for the accounts under a unit or root, however deep. Only the management account and delegated
 * administrators of AWS services are answered.
 * @param home the account that asks, and a region of its partition
 * @throws AwsError where any of the units cannot be listed: some of the accounts would not be all
 */
export async function accountsUnder(
  aws: Pick<Aws, 'reader'>,
  home: Place,
  unit: string,
): Promise<AccountsUnder> {
  const reads = [...new Set(UNIT_NEEDS.map(({ action }) => action))]
  const reader = aws.reader(home, reads, () => undefined)
  const accounts = (await under(reader, unit)).sort((one, other) => (one.id < other.id ? -1 : 1))
  const ids = (isActive: boolean) => accounts.filter((each) => each.isActive === isActive).map(({ id }) => id)
  return { active: ids(true), others: ids(false) }
}

async function under(reader: Reader, ParentId: string): Promise<{ id: string; isActive: boolean }[]> {
  const [accounts, units] = await Promise.all([
    reader.list('organizations', 'ListAccountsForParent', { ParentId }, 'Accounts'),
    reader.list('organizations', 'ListOrganizationalUnitsForParent', { ParentId }, 'OrganizationalUnits'),
  ])
  const own = accounts.flatMap(({ Id, Status, State }) =>
    // AWS retires Status for State in September 2026.
    Id === undefined ? [] : [{ id: Id, isActive: (State ?? Status) === 'ACTIVE' }],
  )
  const inner = await Promise.all(units.flatMap(({ Id }) => (Id === undefined ? [] : under(reader, Id))))
  return [...own, ...inner.flat()]
}
