import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { policyJsonSchema } from '../../src/policy/file/json-schema.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import { ruleByPolicy } from '../../src/policy/rule-by-policy.ts'
import { errorOf } from './fake-playbooks.ts'

const policyOf = (text: string) => parsePolicy(`version: 1\n${text}`, '/etc/rectify.yaml', playbooks)

describe("the policy's word on the rules of AWS Config", () => {
  test('is that on the exact name, else that of the first pattern that matches, else none', () => {
    const policy = policyOf(`configRules:
  "*-ports": RESTRICTED_INCOMING_TRAFFIC
  "our-*": INCOMING_SSH_DISABLED
  our-ports: EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK
`)
    expect(ruleByPolicy(policy, 'our-ports')).toBe('EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK')
    expect(ruleByPolicy(policy, 'our-own-ports')).toBe('RESTRICTED_INCOMING_TRAFFIC')
    expect(ruleByPolicy(policy, 'our-ssh')).toBe('INCOMING_SSH_DISABLED')
    expect(ruleByPolicy(policy, 'ours')).toBeUndefined()
    expect(ruleByPolicy({ kind: 'none' }, 'our-ssh')).toBeUndefined()
  })

  test('may be left empty', () => {
    expect(policyOf('configRules:').policy.configRules).toEqual([])
  })

  test('is refused where it names what no playbook answers, with what is near', () => {
    const { problems } = errorOf(() => policyOf('configRules:\n  our-rule: INCOMMING_SSH_DISABLED\n'))
    expect(problems).toEqual([
      {
        line: 3,
        key: 'configRules.our-rule',
        message: expect.stringMatching(
          /unknown rule of AWS Config "INCOMMING_SSH_DISABLED".*INCOMING_SSH_DISABLED/,
        ),
      },
    ])
  })

  test('is in the JSON Schema', () => {
    expect(JSON.stringify(policyJsonSchema(playbooks).properties?.configRules)).toContain(
      'EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK',
    )
  })
})
