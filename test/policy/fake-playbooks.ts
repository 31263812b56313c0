import * as z from 'zod'
import { compliant, definePlaybook, gone } from '../../src/playbook/playbook.ts'
import { addressRange } from '../../src/policy/address-range.ts'
import { PolicyError, parsePolicy } from '../../src/policy/file/load.ts'
import type { PolicyFromFile, Subject } from '../../src/policy/rules.ts'

const idle = {
  implements: [],
  tagsOf: 'the resource',
  answers: [],
  reads: [],
  writes: [],
  inspect: async () => gone,
  plan: () => compliant(),
  observe: () => null,
}

const closeDoor = definePlaybook({
  ...idle,
  id: 'ec2-close-door',
  title: 'Close a door',
  resource: 'AWS::EC2::SecurityGroup',
  suggestedMode: 'auto',
  parameters: z.strictObject({
    ports: z.array(z.int().min(1)).default([22]),
    limits: z.strictObject({ prefix: z.int().default(8) }).prefault({}),
  }),
})

const blockCaller = definePlaybook({
  ...idle,
  id: 'wafv2-block-caller',
  title: 'Block a caller',
  resource: 'AWS::WAFv2::IPSet',
  suggestedMode: 'approve',
  parameters: z.strictObject({ expiresAfter: z.string().default('PT24H') }),
})

const plain = definePlaybook({
  ...idle,
  id: 'ec2-plain',
  title: 'Something without parameters',
  resource: 'AWS::EC2::Snapshot',
  suggestedMode: 'auto',
  parameters: z.strictObject({}),
})

export const playbooks = [closeDoor, blockCaller, plain]

/** A policy file at /etc/rectify.yaml. */
export function policyOf(text: string): PolicyFromFile {
  return parsePolicy(text, '/etc/rectify.yaml', playbooks, addressRange)
}

export function subject(given: Partial<Subject> = {}): Subject {
  return {
    playbook: 'ec2-close-door',
    source: 'config',
    type: 'INCOMING_SSH_DISABLED',
    severity: 'MEDIUM',
    account: '111122223333',
    region: 'eu-central-1',
    resource: { arn: 'arn:aws:ec2:eu-central-1:111122223333:security-group/sg-0abc', id: 'sg-0abc' },
    tags: {},
    ...given,
  }
}

/** Another resource, for a subject. */
export const bastion = {
  resource: { id: 'sg-0b', arn: 'arn:aws:ec2:eu-central-1:111122223333:security-group/sg-0b' },
}

/** The PolicyError that an act throws. */
export function errorOf(act: () => unknown): PolicyError {
  try {
    act()
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error('no PolicyError was thrown')
}
