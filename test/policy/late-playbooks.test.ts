import { describe, expect, test } from '@jest/globals'
import type { LatePlaybook } from '../../src/playbook/service/known-playbook.ts'
import { checkedPolicy, parsePolicy } from '../../src/policy/file/load.ts'
import { playbooks } from './fake-playbooks.ts'

/** The playbooks, loaded late, and which of them were loaded. */
function late(): { known: LatePlaybook[]; loaded: string[] } {
  const loaded: string[] = []
  const known = playbooks.map((playbook): LatePlaybook => {
    const { id, title, resource, ids, arn, tagsOf, answers } = playbook
    const load = async () => {
      loaded.push(id)
      return playbook
    }
    return { id, title, resource, ids, arn, tagsOf, answers, load }
  })
  return { known, loaded }
}

const rule = (playbook: string, more = '') => `  - { when: { playbook: ${playbook} }, mode: auto${more} }\n`

describe('of playbooks that are loaded late, a policy file', () => {
  test('loads those whose parameters a rule sets, and no other', async () => {
    const { known, loaded } = late()
    const rules = [
      rule('ec2-plain'),
      rule('[wafv2-block-caller]', ', parameters: { expiresAfter: PT2H }'),
      rule('ec2-plain', ', "p\\u0061rameters": {}'),
    ]
    const { policy } = await checkedPolicy(
      `version: 1\nrules:\n${rules.join('')}`,
      '/etc/rectify.yaml',
      known,
    )
    expect(loaded.sort()).toEqual(['ec2-plain', 'wafv2-block-caller'])
    expect(policy.rules.map(({ parameters }) => parameters)).toEqual([{}, { expiresAfter: 'PT2H' }, {}])
  })

  test('is refused for parameters that the loaded playbook refuses', async () => {
    const text = `version: 1\nrules:\n${rule('ec2-close-door', ', parameters: { prots: [22] }')}`
    await expect(checkedPolicy(text, '/etc/rectify.yaml', late().known)).rejects.toThrow(/prots/)
  })

  test.each([
    ['names no playbook', 'version: 1\nrules:\n  - { mode: auto, parameters: { ports: [22] } }\n'],
    ['is none', 'version: 1\nrules: { parameters: {} }\n'],
    ['is a word', 'rules'],
  ])('that %s loads none, and is refused as ever', async (_, text) => {
    const { known, loaded } = late()
    await expect(checkedPolicy(text, '/etc/rectify.yaml', known)).rejects.toThrow(/rectify\.yaml/)
    expect(loaded).toEqual([])
  })

  test('is never checked by halves: who forgets to load is told', () => {
    const text = `version: 1\nrules:\n${rule('ec2-plain', ', parameters: {}')}`
    expect(() => parsePolicy(text, '/etc/rectify.yaml', late().known)).toThrow(
      'playbook ec2-plain is asked for its parameters before it is loaded',
    )
  })
})

describe('the addresses of a policy file', () => {
  const text = 'version: 1\nnever: { addresses: [203.0.113.7/24] }\n'

  test('are read by what is loaded for them', async () => {
    const { policy } = await checkedPolicy(text, '/etc/rectify.yaml', playbooks)
    expect(policy.never.addresses).toEqual(['203.0.113.0/24'])
  })

  test.each(['never: { addresses: 203.0.113.7/24 }', 'never: { addresses: }', 'never: []'])(
    'are checked in whatever form they stand there: %s',
    async (never) => {
      const checked = checkedPolicy(`version: 1\n${never}\n`, '/etc/rectify.yaml', playbooks)
      const told = await checked.catch((error: Error) => error.message)
      expect(JSON.stringify(told)).not.toMatch(/is asked for its addresses/)
    },
  )

  test('are never passed over: who forgets to load what reads them is told', () => {
    expect(() => parsePolicy(text, '/etc/rectify.yaml', playbooks)).toThrow(
      'a policy is asked for its addresses before what reads them is loaded',
    )
  })
})
