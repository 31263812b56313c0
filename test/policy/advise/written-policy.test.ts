import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { offered } from '../../../playbooks/offered.ts'
import { advisedPolicy } from '../../../src/policy/advise/advised-policy.ts'
import { noEvidence } from '../../../src/policy/advise/gathered-evidence.ts'
import type { Proposal } from '../../../src/policy/advise/written-edits.ts'
import { policyOf } from './histories.ts'

const GROUP = 'ec2-close-open-ingress'
const ACCOUNT = '111122223333'

function proposal(
  rule: Proposal['rule'],
  advised: Proposal['advised'],
  more: Partial<Proposal> = {},
): Proposal {
  return {
    ...{ rule, playbook: GROUP, mode: 'rehearse', advised, why: [], parameters: {} },
    ...{
      accounts: [ACCOUNT],
      wentWell: { approve: [ACCOUNT], auto: [ACCOUNT] },
      resources: 1,
      evidence: noEvidence(),
      ...more,
    },
  }
}

async function written(text: string, ...proposals: Proposal[]) {
  const from = { policy: await policyOf(text), text, playbooks: offered.playbooks, path: 'rectify.yaml' }
  return advisedPolicy(from, proposals, ({ advised }) => `to ${advised}`)
}

const NEW = `when: { playbook: ${GROUP}, account: [ '${ACCOUNT}' ] }`

describe('the file with what is advised', () => {
  test.each<[string, string, Proposal, string]>([
    [
      'a rule in lines: above it and its comment, as far in, all else as it was',
      'version: 1\nrules:\n    # ours\n    # since May\n    - mode: rehearse # so far\n      approval: { quorum: 2 }\n',
      proposal(0, 'approve'),
      `version: 1\nrules:\n    # to approve\n    - ${NEW}\n      mode: approve\n      approval: { quorum: 2 }\n    # ours\n    # since May\n    - mode: rehearse # so far\n      approval: { quorum: 2 }\n`,
    ],
    [
      'a list that is not further in than its key',
      'version: 1\nrules:\n- mode: off\n\n- { mode: rehearse }\n',
      proposal(1, 'auto'),
      `version: 1\nrules:\n- mode: off\n\n# to auto\n- ${NEW}\n  mode: auto\n- { mode: rehearse }\n`,
    ],
    [
      'a dash on a line of its own',
      'version: 1\nrules:\n  -\n    mode: rehearse\n',
      proposal(0, 'approve'),
      `version: 1\nrules:\n  # to approve\n  - ${NEW}\n    mode: approve\n  -\n    mode: rehearse\n`,
    ],
    [
      'a list in brackets',
      'version: 1\nrules: [{ mode: rehearse }] # all\n',
      proposal(0, 'approve'),
      `version: 1\nrules: [{ ${NEW}, mode: approve }, { mode: rehearse }] # all\n`,
    ],
    [
      'conditions that stay, in the words of the file',
      `version: 1\nrules:\n  - when: { playbook: "ec2-*", severity: { atLeast: HIGH }, tags: { environment: "pr*d" } }\n    mode: rehearse\n`,
      proposal(0, 'approve'),
      `version: 1\nrules:\n  # to approve\n  - when: { playbook: ${GROUP}, account: [ '${ACCOUNT}' ], severity: { atLeast: HIGH }, tags: { environment: pr*d } }\n    mode: approve\n  - when: { playbook: "ec2-*", severity: { atLeast: HIGH }, tags: { environment: "pr*d" } }\n    mode: rehearse\n`,
    ],
    [
      'a rule of which nothing would be left: its own mode',
      `version: 1\nrules:\n  - { when: { account: "${ACCOUNT}", playbook: ${GROUP} }, mode: "rehearse" } # ours\n`,
      proposal(0, 'approve'),
      `version: 1\nrules:\n  - { when: { account: "${ACCOUNT}", playbook: ${GROUP} }, mode: "approve" } # ours\n`,
    ],
    [
      'less let go in all accounts',
      'version: 1\nrules:\n  - mode: auto\n',
      proposal(0, 'approve', { mode: 'auto' }),
      `version: 1\nrules:\n  # to approve\n  - when: { playbook: ${GROUP} }\n    mode: approve\n  - mode: auto\n`,
    ],
    [
      'no rule that matches: behind all others',
      `version: 1\nrules:\n  - { when: { severity: LOW }, mode: off } # quiet\n\n# nothing\nlimits: { atOnce: 2 }\n`,
      proposal('none', 'approve'),
      `version: 1\nrules:\n  - { when: { severity: LOW }, mode: off } # quiet\n  # to approve\n  - ${NEW}\n    mode: approve\n\n# nothing\nlimits: { atOnce: 2 }\n`,
    ],
    [
      'no rule in the section',
      'version: 1\nrules: # none yet\n  # - mode: auto\nlimits: { atOnce: 2 }\n',
      proposal('none', 'approve'),
      `version: 1\nrules: # none yet\n  # to approve\n  - ${NEW}\n    mode: approve\n  # - mode: auto\nlimits: { atOnce: 2 }\n`,
    ],
    [
      'an empty list',
      'rules: [ ] # none\nversion: 1',
      proposal('none', 'approve'),
      `rules: # none\n  # to approve\n  - ${NEW}\n    mode: approve\nversion: 1`,
    ],
    [
      'no section, and no end of the last line',
      'version: 1',
      proposal('none', 'approve'),
      `version: 1\nrules:\n  # to approve\n  - ${NEW}\n    mode: approve\n`,
    ],
    [
      'the line ends of the file',
      'version: 1\r\nrules:\r\n  - mode: rehearse\r\n',
      proposal(0, 'approve'),
      `version: 1\r\nrules:\r\n  # to approve\r\n  - ${NEW}\r\n    mode: approve\r\n  - mode: rehearse\r\n`,
    ],
  ])('%s', async (_, text, given, expected) => {
    const { text: now, byHand } = await written(text, given)
    expect(now).toBe(expected)
    expect(byHand).toEqual([])
  })

  test('has several rules for one, each for a playbook', async () => {
    const other = 'ec2-unshare-public-snapshot'
    const { text } = await written(
      'version: 1\nrules:\n  - mode: rehearse\n',
      proposal(0, 'approve'),
      proposal(0, 'auto', { playbook: other }),
    )
    expect((await policyOf(text)).policy.rules.map(({ when, mode }) => [when?.playbook, mode])).toEqual([
      [[GROUP], 'approve'],
      [[other], 'auto'],
      [undefined, 'rehearse'],
    ])
  })

  test.each([
    [
      'a rule that stands in two places',
      `version: 1\nrules:\n  - &one { when: { account: "${ACCOUNT}", playbook: ${GROUP} }, mode: rehearse }\n  - { mode: off }\n  - *one\n`,
      proposal(0, 'approve'),
    ],
    [
      'nothing behind a list in brackets',
      `version: 1\nrules: [{ when: { severity: LOW }, mode: off }]\n`,
      proposal('none', 'approve'),
    ],
  ])('is not changed where it is written so that more would change: %s', async (_, text, given) => {
    const { text: now, patch, byHand } = await written(text, given)
    expect([now, patch]).toEqual([text, ''])
    expect(byHand).toMatchObject([{ proposal: { playbook: GROUP } }])
  })

  test('takes what can be taken where another cannot', async () => {
    const text = `version: 1\nrules:\n  - &one { when: { account: "${ACCOUNT}", playbook: ${GROUP} }, mode: rehearse }\n  - { mode: rehearse }\n  - *one\n`
    const { text: now, byHand } = await written(text, proposal(0, 'approve'), proposal(1, 'approve'))
    expect(byHand).toHaveLength(1)
    expect((await policyOf(now)).policy.rules.map(({ mode }) => mode)).toEqual([
      ...['rehearse', 'approve', 'rehearse', 'rehearse'],
    ])
  })
})

test('git apply makes of the file what is advised', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-patch-'))
  try {
    for (const [text, mark] of [
      ['version: 1\nrules:\n  # ours\n  - mode: rehearse', ''],
      ['rules:\r\n  - mode: rehearse\r\nversion: 1', '\u{feff}'],
    ] as const) {
      const policy = await policyOf(text)
      const from = { policy, text, mark, playbooks: offered.playbooks, path: 'my rules.yaml' }
      const proposed = await advisedPolicy(from, [proposal(0, 'approve')], () => 'why')
      const file = join(folder, 'my rules.yaml')
      writeFileSync(file, mark + text)
      execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: folder, input: proposed.patch })
      expect(readFileSync(file, 'utf8')).toBe(mark + proposed.text)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
