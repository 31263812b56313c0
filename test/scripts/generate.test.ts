import { describe, expect, test } from '@jest/globals'
import { betweenMarkers } from '../../scripts/generate/between-markers.ts'
import { charactersOf, withinQuotas } from '../../scripts/generate/role-policies.ts'
import { drifted, strayPages } from '../../scripts/generate.ts'
import type { PolicyStatement } from '../../src/cli/iam-policy.ts'

test('what is generated is what the playbooks say: else `npm run generate` writes it', async () => {
  expect((await drifted()).map(({ path }) => path)).toEqual([])
})

test('a page goes with its playbook', () => {
  const files = ['ec2-close-open-ingress.md', 'ec2-close.md', 'images']
  expect(strayPages(files, ['ec2-close-open-ingress', 'images'])).toEqual(['ec2-close.md'])
})

/** A statement of about so many characters. */
function statement(name: string, size: number): PolicyStatement {
  return { Sid: name, Effect: 'Allow', Action: ['x:Y'], Resource: 'r'.repeat(size - 80) }
}
const service = (name: string, size: number, count = 1) => ({
  service: name,
  statements: Array.from({ length: count }, () => statement('Reads', size)),
})

describe('the policies of a role', () => {
  const some = [service('acm', 500), service('dms', 500), service('ec2', 500), service('eks', 500)]

  test('hold the services of a range of names each', () => {
    const policies = withinQuotas('Read', [...some.slice(0, 3), service('efs', 500), some[3]!])
    expect(policies.map(({ id, services }) => [id, services])).toEqual([
      ['ReadFromA', ['acm']],
      ['ReadFromD', ['dms']],
      ['ReadFromEc2', ['ec2']],
      ['ReadFromEcr', ['efs', 'eks']],
    ])
  })

  test('stay as they are where a service of another one needs more', () => {
    const [before, after] = [500, 900].map((size) => withinQuotas('Change', [...some, service('sns', size)]))
    expect(before).toHaveLength(5)
    expect(after!.slice(0, -1)).toEqual(before!.slice(0, -1))
    expect(after!.at(-1)).not.toEqual(before!.at(-1))
  })

  test('of a range that needs more than IAM lets one hold are several, and lose nothing', () => {
    const policies = withinQuotas('Read', [service('ec2', 2000, 8)])
    expect(policies.map(({ id }) => id)).toEqual(['ReadFromEc21', 'ReadFromEc22', 'ReadFromEc23'])
    expect(policies.flatMap(({ statements }) => statements)).toHaveLength(8)
    for (const { statements } of policies) {
      expect(charactersOf(statements)).toBeLessThanOrEqual(6144)
      const sids = statements.map(({ Sid }) => Sid)
      expect(new Set(sids).size).toBe(sids.length)
    }
  })

  test('that fit no role are refused before anybody deploys them', () => {
    expect(() => withinQuotas('Change', [service('s3', 6000, 11)])).toThrow(
      'takes 11 managed policies, and a role has 10',
    )
    expect(() => withinQuotas('Read', [service('ec2', 7000)])).toThrow(
      'one statement is longer than a managed policy (Reads)',
    )
  })

  test('are counted as AWS counts them: with what CloudFormation fills in', () => {
    const filled = { ...statement('A', 200), Resource: 'arn:aws-us-gov:ec2:ap-northeast-1:123456789012:x/*' }
    const parts = ['Partition', 'Region', 'AccountId'].map((name) => `$${`{AWS::${name}}`}`)
    const [partition, region, account] = parts
    const open = { ...filled, Resource: `arn:${partition}:ec2:${region}:${account}:x/*` }
    expect(charactersOf([open])).toBe(charactersOf([filled]))
  })
})

describe('a part of a file that is generated', () => {
  const file = 'mine\n# generated list (npm run generate)\nold\n# end of list\nmine, too\n'

  test('is written between its markers, and nothing else', () => {
    expect(betweenMarkers(file, 'list', 'new\n', 'x.yaml')).toBe(file.replace('old', 'new'))
  })

  test('must have its place', () => {
    expect(() => betweenMarkers('mine\n', 'list', 'new', 'x.yaml')).toThrow('x.yaml has no place for list')
  })
})
