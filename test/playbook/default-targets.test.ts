import { expect, test } from '@jest/globals'
import { definePlaybook, gone, notApplicable, ownTargets } from '../../src/playbook/playbook.ts'
import { ec2Ids, nameIds } from '../../src/playbook/resource/resource-form.ts'
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

const naming = (...resources: [type: string, id: string][]) =>
  groupFinding({ resources: resources.map(([type, id]) => ({ type, id })) })

test('... and on each, where the finding names several', async () => {
  const finding = naming(
    ['AWS::EC2::Volume', 'vol-1'],
    ['AWS::IAM::AccessKey', 'AKIAEXAMPLE'],
    ['Other', 'vol-2'],
    ['AWS::EC2::Volume', 'vol-1'],
  )
  expect(await volumes.targets(finding, {}, fakeReader({}), { addresses: [] })).toMatchObject([
    { id: 'vol-1' },
    { id: 'vol-2' },
  ])
})

test('a name may be anybody’s: it counts where the type is the kind’s, or the detector has no word for it', async () => {
  const buckets = {
    resource: 'AWS::S3::Bucket',
    arn: 'arn:{partition}:s3:::{id}',
    ids: nameIds(/[\w.-]/, 255, ['my-bucket']),
  }
  const named = (...resources: [string, string][]) => ownTargets(buckets, naming(...resources))
  expect(named(['AWS::S3::Bucket', 'exports'], ['AWS::IAM::AccessKey', 'AKIAEXAMPLE'])).toMatchObject([
    { id: 'exports' },
  ])
  expect(named(['AWS::::Account', '123456789012'])).toEqual([])
  expect(named(['Other', 'exports'], ['AWS::IAM::User', 'arn:aws:s3:::reports'])).toMatchObject([
    { id: 'exports' },
    { id: 'reports' },
  ])
})
