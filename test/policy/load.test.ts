import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decide } from '../../src/policy/decide.ts'
import { findPolicy } from '../../src/policy/file/find.ts'
import { loadDeployedPolicy, loadPolicy } from '../../src/policy/file/load.ts'
import { errorOf, playbooks, policyOf, subject } from './fake-playbooks.ts'

const root = mkdtempSync(join(tmpdir(), 'rectify-policy-'))
afterAll(() => rmSync(root, { recursive: true }))
const folder = () => mkdtempSync(join(root, 'folder-'))

describe('a valid policy file', () => {
  test('comes out in one form: lists, ISO 8601 and lines', () => {
    const { file, policy } = policyOf(
      `version: 1
rules:
  - when: { playbook: ec2-close-door, account: ["111122223333"], tags: { environment: prod } }
    mode: approve
    approval: { channel: C0SECOPS, approvers: [S0ONCALL], quorum: 1, expiresAfter: 4h, onExpiry: decline }

  - when: { playbook: wafv2-block-caller }
    mode: auto
    parameters: { expiresAfter: 24h }
  - when: { source: guardduty, severity: { atLeast: HIGH } }
    mode: auto
exemptions:
  - { resource: sg-0b2c3d4e5f6071829, playbook: ec2-close-door, owner: netops, reason: public bastion, until: 2027-01-31 }
never: { addresses: [203.0.113.7/24, 192.0.2.1, "2001:db8::1/32", "2001:db8::2"], resources: "arn:aws:iam::*:role/X" }
`.replace('resources: "arn:aws:iam::*:role/X"', 'resources: ["arn:aws:iam::*:role/X"]'),
    )
    expect(file).toBe('/etc/rectify.yaml')
    expect(policy.rules.map(({ line }) => line)).toEqual([3, 7, 10])
    expect(policy.rules[0]?.when).toEqual({
      playbook: ['ec2-close-door'],
      account: ['111122223333'],
      tags: { environment: ['prod'] },
    })
    expect(policy.rules[0]?.approval.expiresAfter).toBe('PT4H')
    expect(policy.rules[1]?.parameters).toEqual({ expiresAfter: '24h' })
    expect(policy.rules[1]?.approval).toEqual({ quorum: 1, expiresAfter: 'PT24H', onExpiry: 'decline' })
    expect(policy.rules[2]?.when?.severity).toEqual({ atLeast: 'HIGH' })
    expect(policy.exemptions[0]?.until).toBe('2027-01-31T23:59:59.999Z')
    expect(policy.never.addresses).toEqual([
      '203.0.113.0/24',
      '192.0.2.1/32',
      '2001:db8::/32',
      '2001:db8::2/128',
    ])
  })

  test('may have sections in which every line is commented out', () => {
    const { policy } = policyOf('version: 1\nrules:\nexemptions:\nfreezes:\nlimits:\nnever:\n')
    expect(policy).toEqual({
      version: 1,
      rules: [],
      exemptions: [],
      freezes: [],
      limits: {},
      never: { addresses: [], resources: [], roles: [], accounts: [] },
      configRules: [],
      tell: [],
    })
  })

  test('says which detectors are told: those that are switched on, and none where it says nothing', () => {
    const told = (text: string) => policyOf(`version: 1\n${text}`).policy.tell
    expect(told('tell: { config: true, securityhub: true, guardduty: false }\n')).toEqual([
      'securityhub',
      'config',
    ])
    expect(told('tell:\n')).toEqual([])
    expect(told('')).toEqual([])
  })

  test('may share parts by anchors, and knows the line of each rule all the same', () => {
    const { policy } = policyOf(
      'version: 1\nrules:\n  - &r { mode: auto }\n  - *r\n  - when: &w { source: config }\n    mode: off\n  - when: *w\n    mode: off',
    )
    expect(policy.rules.map(({ mode, line }) => [mode, line])).toEqual([
      ['auto', 3],
      ['auto', 4],
      ['off', 5],
      ['off', 7],
    ])
  })

  test('may close a list or a map right below its key, as nearly everybody writes it', () => {
    const { policy } = policyOf(`version: 1
never:
  addresses: [
    198.51.100.0/24,
  ]
rules: [
  {
    mode: auto
}
,
  { when: {
    tags: { env: [
      prod
    ] }
    },
    mode: off }
]
`)
    expect(policy.never.addresses).toEqual(['198.51.100.0/24'])
    expect(policy.rules).toMatchObject([
      { mode: 'auto', line: 7 },
      { mode: 'off', when: { tags: { env: ['prod'] } }, line: 11 },
    ])
  })

  test('may speak of what no key can be called', () => {
    const exemption = '{ resource: sg-1, owner: me, reason: "no __proto__: here", until: 2099-01-01 }'
    const { policy } = policyOf(`version: 1\n# never __proto__: x\nexemptions:\n  - ${exemption}\n`)
    expect(policy.exemptions).toHaveLength(1)
  })

  test('may have far more addresses than a person can read', () => {
    const lines = Array.from({ length: 130_000 }, (_, n) => `    - 5.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
    const { policy } = policyOf(`version: 1\nnever:\n  addresses:\n${lines.join('\n')}\n`)
    expect(policy.never.addresses).toHaveLength(130_000)
  })

  test('reads `off` as the mode even where the file claims to be YAML 1.1', () => {
    expect(policyOf('%YAML 1.1\n---\nversion: 1\nrules: [{ mode: off }]').policy.rules[0]?.mode).toBe('off')
  })
})

describe('where the policy is', () => {
  const inFolder = () => {
    const cwd = folder()
    for (const name of ['named.yaml', 'env.yaml', 'rectify.yaml'])
      writeFileSync(join(cwd, name), 'version: 1\n')
    return cwd
  }

  test('the option comes before the environment, and that before ./rectify.yaml', () => {
    const cwd = inFolder()
    const env = { RECTIFY_POLICY: 'env.yaml' }
    expect(findPolicy({ named: 'named.yaml', env, cwd })).toEqual({ file: join(cwd, 'named.yaml') })
    expect(findPolicy({ env, cwd })).toEqual({ file: join(cwd, 'env.yaml') })
    expect(findPolicy({ env: {}, cwd })).toEqual({ file: join(cwd, 'rectify.yaml') })
    expect(findPolicy({ env: { RECTIFY_POLICY: '' }, cwd })).toEqual({ file: join(cwd, 'rectify.yaml') })
  })

  test('nowhere, where none is named and none is there', () => {
    expect(findPolicy({ env: {}, cwd: folder() })).toBeUndefined()
  })

  test('a file that is named but missing is an error, even where ./rectify.yaml is there', () => {
    const cwd = inFolder()
    const byOption = errorOf(() => findPolicy({ named: 'gone.yaml', env: {}, cwd }))
    expect(byOption).toMatchObject({ file: join(cwd, 'gone.yaml'), line: undefined })
    expect(byOption.message).toMatch(/no such file \(named by --policy\)$/)
    expect(errorOf(() => findPolicy({ env: { RECTIFY_POLICY: 'gone.yaml' }, cwd })).message).toMatch(
      /RECTIFY_POLICY/,
    )
  })

  test('a ./rectify.yaml that leads nowhere is an error, not the absence of a policy', async () => {
    const cwd = folder()
    symlinkSync('elsewhere.yaml', join(cwd, 'rectify.yaml'))
    const file = join(cwd, 'rectify.yaml')
    expect(findPolicy({ env: {}, cwd })).toEqual({ file })
    await expect(loadPolicy(file, playbooks)).rejects.toThrow(/cannot be read/)
  })

  test('a file is read as UTF-8, a byte order mark or not, and nothing else', async () => {
    const cwd = folder()
    const file = join(cwd, 'rectify.yaml')
    writeFileSync(file, '\uFEFFversion: 1\n')
    expect(await loadPolicy(file, playbooks)).toMatchObject({ kind: 'file', file, policy: { version: 1 } })
    writeFileSync(file, Buffer.from('version: 1 # \xe9', 'latin1'))
    await expect(loadPolicy(file, playbooks)).rejects.toThrow(/cannot be read/)
  })

  test('a folder is not a policy file', async () => {
    const cwd = folder()
    mkdirSync(join(cwd, 'rectify.yaml'))
    await expect(loadPolicy(join(cwd, 'rectify.yaml'), playbooks)).rejects.toThrow(/cannot be read: .*EISDIR/)
  })
})

describe('a deployed policy', () => {
  const deployed = (text: string) => {
    const file = join(folder(), 'rectify.yaml')
    writeFileSync(file, text)
    return loadDeployedPolicy(file, playbooks)
  }

  test('names its rules by line and text, not by a file that its reader does not have', async () => {
    const policy = await deployed(`version: 1
rules:
  - when: { playbook: ec2-close-door, account: "111122223333", tags: { environment: [prod, stage] } }
    mode: approve
    approval: { quorum: 2 }   # two
`)
    expect(decide(policy, subject({ tags: { environment: 'prod' } }), 0).reason).toBe(
      'rule 1 (line 3 of the deployed policy: { when: { playbook: ec2-close-door, account: "111122223333", tags: { environment: [prod, stage] } }, mode: approve, approval: { quorum: 2 } })',
    )
  })

  test('names what is never changed without a file, too', async () => {
    const policy = await deployed('version: 1\nnever: { resources: [sg-0abc] }\n')
    expect(decide(policy, subject(), 0).reason).toBe('never: sg-0abc (the deployed policy)')
  })

  test('says of its problems where in it they are', async () => {
    await expect(deployed('version: 1\nrules:\n  - mode: none\n')).rejects.toThrow(
      /^the deployed policy:3: rules\[0\]\.mode: unknown mode "none"/,
    )
    const missing = loadDeployedPolicy(join(folder(), 'rectify.yaml'), playbooks)
    await expect(missing).rejects.toThrow(/^the deployed policy: cannot be read/)
  })
})
