import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { playbooks as real } from '../../playbooks/index.ts'
import { addressRange } from '../../src/policy/address-range.ts'
import { decide } from '../../src/policy/decide.ts'
import { parsePolicy } from '../../src/policy/file/load.ts'
import { starterPolicy } from '../../src/policy/file/starter.ts'
import { notesOn } from '../../src/policy/notes.ts'
import { playbooks, policyOf, subject } from './fake-playbooks.ts'

/** The file with every example taken at its word. */
const uncommented = (text: string) => text.replaceAll(/^( +)# (- | {2})/gm, '$1$2')

describe('the starter policy', () => {
  test('loads as it stands and rehearses everything', () => {
    const policy = policyOf(starterPolicy(playbooks))
    for (const { id } of playbooks) {
      const ruling = decide(policy, subject({ playbook: id, severity: 'CRITICAL' }), 0)
      expect(ruling.mode).toBe('rehearse')
      expect(ruling.reason).toMatch(/^rule 1 \(rectify\.yaml:\d+\)$/)
    }
    expect(policy.policy.exemptions).toEqual([])
    expect(policy.policy.never).toEqual({ addresses: [], resources: [], roles: [], accounts: [] })
  })

  test('can ask before each change in place of it', () => {
    const policy = policyOf(starterPolicy(playbooks, { otherwise: 'approve' }))
    expect(decide(policy, subject({}), 0)).toMatchObject({ mode: 'approve', approval: { quorum: 1 } })
  })

  test('proposes each playbook with its suggested mode and its defaults, ready to be uncommented', () => {
    const { policy } = policyOf(uncommented(starterPolicy(playbooks)))
    expect(policy.rules.map(({ when, mode, parameters }) => [when?.playbook, mode, parameters])).toEqual([
      [['ec2-close-door'], 'auto', { ports: [22], limits: { prefix: 8 } }],
      [['wafv2-block-caller'], 'approve', { expiresAfter: 'PT24H' }],
      [['ec2-plain'], 'auto', {}],
      [undefined, 'rehearse', {}],
    ])
    expect(policy.exemptions).toHaveLength(1)
    expect(policy.freezes).toMatchObject([{ kind: 'weekly', name: 'nights' }])
    expect(policy.never.addresses).toHaveLength(1)
    expect(policy.never).toMatchObject({
      resources: [expect.any(String)],
      roles: [expect.any(String)],
      accounts: [expect.any(String)],
    })
  })

  test('shows how Slack and people are written: as it stands there they load', () => {
    const text = starterPolicy(playbooks).replaceAll(/^# (slack:|people:| {2}- \{ name)/gm, '$1')
    expect(policyOf(text).policy).toMatchObject({
      slack: { workspace: 'T0ACME' },
      people: [{ name: 'ann', slack: 'U0ANN' }],
    })
  })

  test('asks in Slack, where it is named, by every example that asks', () => {
    const slack = { workspace: 'T0ACME', channel: 'C0SECOPS' }
    const text = starterPolicy(real, { otherwise: 'approve', slack })
    const { policy } = parsePolicy(uncommented(text), 'rectify.yaml', real, addressRange)
    const asking = policy.rules.filter(({ mode }) => mode === 'approve')
    expect(asking.length).toBeGreaterThan(1)
    expect(new Set(asking.map(({ approval }) => approval.channel))).toEqual(new Set(['C0SECOPS']))
    expect(text.match(/slack: \{ workspace/g)).toHaveLength(1)
    expect(notesOn(policy, real, 0)).toEqual([])
  })

  test('loads with the playbooks that we ship, as it stands and uncommented', () => {
    const text = starterPolicy(real)
    expect(parsePolicy(text, 'rectify.yaml', real, addressRange).policy.rules).toHaveLength(1)
    expect(parsePolicy(uncommented(text), 'rectify.yaml', real, addressRange).policy.rules).toHaveLength(
      real.length + 1,
    )
  })

  test('that is deployed from here names every playbook', () => {
    const deployed = readFileSync(new URL('../../rectify.yaml', import.meta.url), 'utf8')
    const unnamed = real.filter(({ id }) => !deployed.includes(`playbook: ${id} }`))
    const how = 'npm run rectify -- init --policy rectify.yaml --yes'
    expect(unnamed.map(({ id }) => `rectify.yaml does not name ${id}: ${how}`)).toEqual([])
  })
})
