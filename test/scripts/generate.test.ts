import { describe, expect, test } from '@jest/globals'
import { betweenMarkers } from '../../scripts/generate/between-markers.ts'
import { charactersOf, withinQuotas } from '../../scripts/generate/role-policies.ts'
import { drifted } from '../../scripts/generate.ts'
import type { PolicyStatement } from '../../src/cli/iam-policy.ts'

test('what is generated is what the playbooks say: else `npm run generate` writes it', async () => {
  expect((await drifted()).map(({ path }) => path)).toEqual([])
})

/** A statement of about so many characters. */
function statement(name: string, size: number): PolicyStatement {
  return { Sid: name, Effect: 'Allow', Action: ['x:Y'], Resource: 'r'.repeat(size - 80) }
}
const services = (count: number, size: number) =>
  Array.from({ length: count }, (_, n) => ({
    service: `s${String(n).padStart(2, '0')}`,
    statements: [statement('Reads', size)],
  }))

describe('the policies of a role', () => {
  test('are one per service', () => {
    expect(withinQuotas('Read', services(3, 500)).map(({ id }) => id)).toEqual([
      'ReadS00',
      'ReadS01',
      'ReadS02',
    ])
  })

  test('of a service that needs more than IAM lets one hold are several', () => {
    const many = [{ service: 'ec2', statements: Array.from({ length: 8 }, () => statement('Reads', 2000)) }]
    const policies = withinQuotas('Read', many)
    expect(policies.map(({ id }) => id)).toEqual(['ReadEc21', 'ReadEc22', 'ReadEc23'])
    for (const { statements } of policies) expect(charactersOf(statements)).toBeLessThanOrEqual(6144)
  })

  test('are joined where a role would have more than IAM attaches, and lose nothing', () => {
    const policies = withinQuotas('Change', services(14, 500))
    expect(policies).toHaveLength(10)
    expect(policies.flatMap(({ services: own }) => own).sort()).toEqual(
      services(14, 500).map(({ service }) => service),
    )
    expect(policies.flatMap(({ statements }) => statements)).toHaveLength(14)
    for (const { statements } of policies) {
      const sids = statements.map(({ Sid }) => Sid)
      expect(new Set(sids).size).toBe(sids.length)
    }
  })

  test('that fit no role are refused before anybody deploys them', () => {
    expect(() => withinQuotas('Change', services(11, 6000))).toThrow(
      'takes 11 managed policies, and a role has 10',
    )
    const long = [{ service: 'ec2', statements: [statement('Reads', 7000)] }]
    expect(() => withinQuotas('Read', long)).toThrow('one statement on ec2 is longer than a managed policy')
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
