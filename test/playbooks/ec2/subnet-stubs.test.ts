import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { subnetStub, subnetStubs } from '../../../playbooks/ec2/copies/network.ts'
import type { Making } from '../../../src/playbook/service/copies.ts'

const ids = fc.uniqueArray(
  fc.integer({ min: 0 }).map((no) => `subnet-${no.toString(16).padStart(17, '0')}`),
  { minLength: 1, maxLength: 300 },
)
const rangeOf = ({ call: { input } }: Making) => String(input.CidrBlock)

test('subnets of which no range is known never stand in the place of another, however many a VPC has', () => {
  fc.assert(
    fc.property(ids, (SubnetIds) => {
      const ranges = subnetStubs(
        SubnetIds.map((SubnetId) => ({ SubnetId })),
        'vpc-1',
      ).map(rangeOf)
      expect(new Set(ranges).size).toBe(SubnetIds.length)
      for (const range of ranges) {
        const [, third, fourth] = /^10\.0\.(\d+)\.(\d+)\/28$/.exec(range)!.map(Number)
        expect([third! < 256, fourth! % 16, fourth! < 256]).toEqual([true, 0, true])
      }
    }),
  )
})

test('a subnet that is met alone stands where it would be the first', () => {
  fc.assert(
    fc.property(ids, ([SubnetId = '']) => {
      const [first] = subnetStubs([{ SubnetId, AvailabilityZone: 'eu-west-1a' }], 'vpc-1')
      expect(first).toEqual(subnetStub(SubnetId, 'vpc-1', 'eu-west-1a'))
    }),
  )
})
