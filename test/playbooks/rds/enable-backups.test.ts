import { expect, test } from '@jest/globals'
import { enableBackups } from '../../../playbooks/rds/enable-backups.ts'
import { fakeReader } from '../../support/reader.ts'

const target = enableBackups.named('orders', {
  partition: 'aws',
  region: 'eu-central-1',
  account: '111122223333',
})

/** What is planned for a database that keeps its backups for a day and has this tag. */
async function planned(retention: string | undefined, parameters: { days?: number; daysTag?: string }) {
  const reader = fakeReader({
    'rds:DescribeDBInstances': () => ({
      DBInstances: [
        {
          DBInstanceIdentifier: 'orders',
          BackupRetentionPeriod: 1,
          TagList: retention === undefined ? [] : [{ Key: 'retention', Value: retention }],
        },
      ],
    }),
  })
  const given = enableBackups.parameters.parse(parameters)
  const look = await enableBackups.inspect(target, given, reader, { first: true, findings: [] })
  if (!('state' in look)) throw new Error('gone')
  return enableBackups.plan(look.state, [], given, target, { addresses: [] })
}

test.each([
  ['the default', undefined, {}, 7],
  ['the policy', undefined, { days: 30 }, 30],
  ['a tag that the policy names', '14', { days: 30, daysTag: 'retention' }, 14],
  ['the policy where the database has no such tag', undefined, { days: 30, daysTag: 'retention' }, 30],
  ['the policy where it names no tag', '14', { days: 30 }, 30],
])('backups are kept for the days of %s', async (_whose, tag, parameters, days) => {
  expect(await planned(tag, parameters)).toMatchObject({ after: { BackupRetentionPeriod: days } })
})

test.each(['two weeks', '0', '36', '-7', '7.5', ''])(
  'where the tag says %j nobody knows what was meant, and nothing is changed',
  async (tag) => {
    await expect(planned(tag, { daysTag: 'retention' })).rejects.toThrow(
      `its tag retention says "${tag}", which is no number of days from 1 to 35`,
    )
  },
)

test('more days than RDS takes are refused in the policy', () => {
  expect(() => enableBackups.parameters.parse({ days: 36 })).toThrow()
})
