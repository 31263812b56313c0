import { expect, test } from '@jest/globals'
import { definePlaybook, gone, notApplicable } from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
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
  ids: ec2Ids('vol'),
  tagsOf: 'the volume',
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
  expect(await targetsOf('AWS::EC2::Volume', 'sg-1')).toMatchObject([
    { notUnderstood: expect.stringContaining('"sg-1" is neither id nor ARN of an AWS::EC2::Volume') },
  ])
  expect(await targetsOf('AWS::EC2::Subnet', 'subnet-1')).toMatchObject({ kind: 'notApplicable' })
})
