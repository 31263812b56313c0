import { describe, expect, test } from '@jest/globals'
import { missingBy } from '../../../src/engine/rehearsing/denial-layer.ts'

const GROUP = 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0123456789abcdef0'
const ACTION = 'ec2:RevokeSecurityGroupIngress'
const refused = {
  principal: 'arn:aws:iam::123456789012:role/rectify',
  where: 'hub' as const,
  permissions: [{ action: ACTION, resource: GROUP }],
}
const said = (why: string) =>
  missingBy(
    {
      name: 'denied',
      code: 'UnauthorizedOperation',
      action: ACTION,
      message: `You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/rectify/run is not authorized to perform: ${ACTION} on resource: ${GROUP} ${why}. Encoded authorization failure message: AbC-123`,
    },
    refused,
  )

describe('the words of a refusal', () => {
  test.each([
    [`because no identity-based policy allows the ${ACTION} action`, 'hub', true],
    [`because no permissions boundary allows the ${ACTION} action`, 'boundary', true],
    [`because no session policy allows the ${ACTION} action`, 'session', true],
    [`because no service control policy allows the ${ACTION} action`, 'organization', false],
    [`because no resource-based policy allows the ${ACTION} action`, 'hub', false],
    ['with an explicit deny in a service control policy', 'organization', false],
    ['with an explicit deny in a resource control policy', 'organization', false],
    ['with an explicit deny in an identity-based policy', 'hub', false],
    ['with an explicit deny in a permissions boundary', 'boundary', false],
    ['', 'hub', true],
  ])('%s', (why, where, isGranted) => {
    const [only, ...others] = said(why)
    expect(others).toEqual([])
    expect(only).toMatchObject({ action: ACTION, resource: GROUP, principal: refused.principal, where })
    expect(only!.statement).toEqual(
      isGranted ? { Effect: 'Allow', Action: ACTION, Resource: GROUP } : { none: expect.any(String) },
    )
  })

  test('that name no resource leave those of the step', () => {
    const permissions = ['a', 'b'].map((name) => ({ action: ACTION, resource: `${GROUP}${name}` }))
    const error = {
      name: 'denied',
      code: 'UnauthorizedOperation',
      action: ACTION,
      message: 'You are not authorized.',
    }
    expect(missingBy(error, { ...refused, permissions }).map(({ resource }) => resource)).toEqual(
      permissions.map(({ resource }) => resource),
    )
    expect(missingBy({ ...error, action: 'ec2:CreateTags' }, refused)).toMatchObject([{ resource: '*' }])
  })
})
