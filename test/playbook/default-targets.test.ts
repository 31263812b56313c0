import { expect, test } from '@jest/globals'
import { definePlaybook, gone, notApplicable } from '../../src/playbook/playbook.ts'
import { fakeReader } from '../support/reader.ts'
import { groupFinding } from '../support/security-group.ts'

const volumes = definePlaybook({
  id: 'ec2-encrypt-volume',
  title: 'a playbook that says nothing about its targets',
  implements: [],
  resource: 'AWS::EC2::Volume',
  answers: [],
  parameters: { parse: () => ({}) } as never,
  suggestedMode: 'rehearse',
  arn: 'arn:{partition}:ec2:{region}:{account}:volume/{id}',
  ids: /^vol-[0-9a-z]+$/,
  reads: [],
  writes: [],
  inspect: async () => gone,
  plan: () => notApplicable('never asked'),
  observe: () => null,
})

const targetsOf = (type: string, id: string) =>
  volumes.targets(groupFinding({ resources: [{ type, id }] }), {}, fakeReader({}), { addresses: [] })

test('without targets of its own a playbook acts on what has the form of its ids, whatever its type', async () => {
  expect(await targetsOf('AWS::::Account', 'vol-1')).toMatchObject([{ id: 'vol-1' }])
  expect(await targetsOf('AWS::EC2::Volume', 'sg-1')).toMatchObject({ kind: 'notApplicable' })
})
