import { expect, test } from '@jest/globals'
import { publicInstance as playbook } from '../../../playbooks/dms/public-instance.ts'
import type { FindingResource } from '../../../src/findings/finding.ts'
import { fakeReader } from '../../support/reader.ts'
import { sampleFinding } from '../../support/sample-finding.ts'

const place = { account: '111122223333', region: 'eu-central-1' }
const arnOf = (id: string): string => `arn:aws:dms:eu-central-1:111122223333:rep:${id}`

function targetsOf(resource: FindingResource) {
  const finding = sampleFinding({ ...place, type: 'DMS_REPLICATION_NOT_PUBLIC', resources: [resource] })
  const reader = fakeReader({
    'dms:DescribeReplicationInstances': () => ({
      ReplicationInstances: [
        { ReplicationInstanceArn: arnOf('OPEN'), PubliclyAccessible: true },
        { ReplicationInstanceArn: arnOf('INSIDE'), PubliclyAccessible: false },
        { ReplicationInstanceArn: arnOf('chosen-name'), PubliclyAccessible: true },
      ],
    }),
  })
  return playbook.targets(finding, {}, reader, { addresses: [] })
}

test('a finding about the account is about each public instance of it', async () => {
  expect(await targetsOf({ type: 'AWS::::Account', id: '111122223333' })).toMatchObject([
    { id: 'OPEN', resource: arnOf('OPEN') },
    { id: 'chosen-name', resource: arnOf('chosen-name') },
  ])
})

test('one that names an instance is about that, public or not', async () => {
  const inside = { type: 'AWS::DMS::ReplicationInstance', id: arnOf('INSIDE'), arn: arnOf('INSIDE') }
  expect(await targetsOf(inside)).toMatchObject([{ id: 'INSIDE' }])
})

test('one about something else is not for it', async () => {
  expect(
    await targetsOf({ type: 'AWS::DMS::Endpoint', id: 'arn:aws:dms:eu-central-1:1:endpoint:X' }),
  ).toEqual({
    kind: 'notApplicable',
    reason: 'the finding names neither a replication instance nor the account',
  })
})
