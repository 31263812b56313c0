import { expect, test } from '@jest/globals'
import { outsideCautions, outsideSources } from '../../../playbooks/ec2/ingress/outside-sources.ts'
import { denied, fakeReader } from '../../support/reader.ts'
import { letsIn } from './group-rules.ts'

const RULES = 'ec2:DescribeSecurityGroupRules'
const target = { resource: 'arn:aws:rds:eu-central-1:111122223333:db:orders', id: 'orders', key: 'orders' }

async function cautionsOf(groups: string[], rules: () => unknown) {
  const reader = fakeReader({ [RULES]: rules })
  const seen = await outsideSources(() => groups).at(reader, target)
  return { cautions: outsideCautions(seen ?? {}), reads: reader.count(RULES) }
}

test('what could not be read is said: nobody knows then who is cut off', async () => {
  const { cautions } = await cautionsOf(['sg-1'], () => {
    throw denied(RULES)
  })
  expect(cautions).toEqual(['who may connect from outside could not be read'])
})

test('where no group is worn nobody is asked for its rules', async () => {
  expect(await cautionsOf([], () => ({}))).toEqual({ cautions: [], reads: 0 })
})

test('ranges that networks use inside, other groups and what goes out are nobody from outside', async () => {
  const input = { Filters: [{ Name: 'group-id', Values: ['sg-1'] }] }
  const rules = letsIn(() => ['10.0.0.0/8', 'fd00::/8', 'sg-2', '100.64.0.0/10']).DescribeSecurityGroupRules!
  expect((await cautionsOf(['sg-1'], () => rules(input, 'eu-central-1'))).cautions).toEqual([])
  const open = letsIn(() => ['192.168.0.0/14', '::/0']).DescribeSecurityGroupRules!
  expect((await cautionsOf(['sg-1'], () => open(input, 'eu-central-1'))).cautions).toEqual([
    'whoever connects from 192.168.0.0/14, ::/0 is cut off: its security groups let them in',
  ])
})
