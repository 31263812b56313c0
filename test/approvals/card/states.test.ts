import { describe, expect, test } from '@jest/globals'
import { type CardView, cardOf } from '../../../src/approvals/card/run-card.ts'
import type { Decision, Run } from '../../../src/run/run.ts'
import { NOW } from '../../support/arbitrary-runs.ts'
import { asked, decided, PLAN, REMEDIATED } from '../../support/asked-run.ts'
import { problemsOfMessage } from '../../support/block-kit.ts'
import { sampleFinding } from '../../support/sample-finding.ts'
import { samplePlan, sampleStep } from '../../support/sample-run.ts'
import { buttonsIn, wordsIn } from '../../support/slack-markup.ts'

const NEWER = 'https://acme.slack.com/archives/C0OPS/p2'
const shown = (run: Run, more: Partial<CardView> = {}) => {
  const card = cardOf({ run, now: NOW, ...more })
  expect(problemsOfMessage(card)).toEqual([])
  const buttons = buttonsIn(card.blocks)
  return { words: wordsIn(card.blocks), buttons, ids: buttons.map(({ action_id }) => action_id) }
}
const until = '2026-12-01T00:00:00.000Z'
const twoNeeded = { ...asked().approval!, quorum: 2 }

describe('the card of a run', () => {
  test.each<[state: string, run: Run, says: string, ids: string[]]>([
    ['that waits', asked(), '*Approval wanted* until <!date^', ['approve', 'decline', 'exempt', 'details']],
    [
      'that one of two has approved',
      asked({ approval: twoNeeded, decisions: [decided()] }),
      '1 of 2: <@U0ANN>',
      ['approve', 'decline', 'exempt', 'details'],
    ],
    [
      'whose time is over',
      asked({ waitingUntil: '2026-11-20T09:59:59.000Z' }),
      '*Nobody decided in time*',
      ['details'],
    ],
    ['whose time nobody can read', asked({ waitingUntil: 'soon' }), '*Nobody decided in time*', ['details']],
    [
      'that is approved and not claimed',
      asked({ decisions: [decided()] }),
      '*Approved, starting*',
      ['details'],
    ],
    [
      'that is declined and not closed',
      asked({ decisions: [decided({ verdict: 'decline' })] }),
      '*Decided*',
      ['details'],
    ],
    [
      'that is exempted',
      asked({ decisions: [decided({ verdict: 'exempt', until })] }),
      '*Exempted* by <@U0ANN> in Slack',
      ['details'],
    ],
    [
      'approved for an earlier plan',
      asked({ decisions: [decided({ round: 0 })] }),
      'for an earlier plan',
      ['approve', 'decline', 'exempt', 'details'],
    ],
    ['that looks again', asked({ state: 'open' }), '*Looking*', ['details']],
    ['that waits for its turn', asked({ waitingFor: 'lock' }), '*Waiting for its turn*', ['details']],
    [
      'that changes',
      asked({ state: 'open', changedAt: '2026-11-20T09:59:00.000Z' }),
      '*Changing it now*',
      ['details'],
    ],
    ['that waits for a command', asked({ waitingFor: 'settling' }), '*Changed, and waiting*', ['details']],
    ['that is remediated', REMEDIATED, '*Proven*: read again', ['undo', 'details']],
    ['that is undone', { ...REMEDIATED, undoneBy: '01KUNDO' }, '*Undone* by run `01KUNDO`', ['details']],
    [
      'that failed',
      { ...REMEDIATED, outcome: 'failed', reason: 'AccessDenied' },
      'Why: AccessDenied',
      ['undo', 'details'],
    ],
    [
      'that could not be proven',
      { ...REMEDIATED, outcome: 'unverified' },
      '*not proven*',
      ['undo', 'details'],
    ],
    ['that expired', { ...asked(), state: 'closed', outcome: 'expired' }, '*Closed*: expired', ['details']],
    [
      'that was blocked without a plan',
      { ...asked(), plan: null, state: 'closed', outcome: 'blocked' },
      '*Closed*: blocked',
      [],
    ],
    [
      'of a state that is not known',
      asked({ state: 'parked' as Run['state'] }),
      '*Its state cannot be read here*',
      [],
    ],
    [
      'of an incident',
      asked({ findings: [sampleFinding({ evidence: { group: 'seq-1' } })] }),
      'Part of incident seq-1',
      ['approve', 'decline', 'exempt', 'details'],
    ],
    [
      'that is an undo',
      asked({ undoOf: '01KORIGINAL' }),
      'Undo of run 01KORIGINAL',
      ['approve', 'decline', 'details'],
    ],
  ])('%s says so, and has the buttons for it', (_, run, says, wanted) => {
    const { words, ids } = shown(run)
    expect(words).toContain(says)
    expect(ids).toEqual(wanted)
  })

  test('mentions those who are named by their name in the policy', () => {
    const people = [
      { name: 'ann', slack: 'U0ANN', iam: ['arn:aws:iam::*:user/ann'] },
      { name: 'ben', iam: ['arn:aws:iam::*:user/ben'] },
    ]
    const approval = { ...asked().approval!, approvers: ['ann', 'U0ANN', 'ben'], people }
    expect(shown(asked({ approval })).words).toContain('Who may decide: <@U0ANN>, `ben`')
  })

  test('says once why it was exempted: in the words of whoever did', () => {
    const exempted = decided({ verdict: 'exempt', until, reason: 'legacy' })
    const end = { state: 'closed', outcome: 'exempted' } as const
    const reason = `exempted by ${exempted.by} until ${until}: legacy`
    const by = shown({ ...asked({ decisions: [exempted] }), ...end, reason }).words
    expect(by).toContain('“legacy”')
    expect(by).not.toContain('Why:')
    expect(shown({ ...asked(), ...end, reason: 'exempted by the policy' }).words).toContain('Why:')
  })

  test('says in its first lines how bad it is, what is wrong, what would be changed, where, and what is wanted', () => {
    const [first, second, third, fourth, fifth, sixth] = shown(asked()).words.split('\n')
    expect(first).toBe('🔴 CRITICAL · sg-0web')
    expect(second).toBe(sampleFinding().title)
    expect(third).toBe('Plan: revoke tcp 22 from 0.0.0.0/0')
    expect(fourth).toBe('123456789012 · eu-central-1 · ec2-close-open-ingress')
    expect(fifth).toMatch(/^\*Approval wanted\* until [^·]*$/)
    expect(sixth).toBe('Who may decide: <@U0ANN>')
  })

  test.each([
    ['AWS::EC2::SecurityGroup sg-0web is NON_COMPLIANT with a rule', 'NON_COMPLIANT with a rule'],
    ['the group/sg-0web is open', 'Open'],
    ['sg-0web is open', 'Open'],
    ['sg-0web2 is open', 'sg-0web2 is open'],
    ['not-sg-0web is open', 'not-sg-0web is open'],
    ['somebody opened sg-0web', 'somebody opened sg-0web'],
  ])('names the resource once: of “%s” it says “%s”', (title, says) => {
    expect(shown(asked({ findings: [sampleFinding({ title })] })).words.split('\n')[1]).toBe(says)
  })

  test('counts approvals only where one is not enough', () => {
    expect(shown(asked()).words).not.toContain('0 of 1')
    expect(shown(asked({ approval: twoNeeded })).words).toContain(' · 0 of 2')
  })

  test('says who asked where a person did: for an undo, and for nothing that the engine began itself', () => {
    const requestedBy = 'slack:T0ACME:U0BEN'
    const undoOf = '01K0000000000000000000000A'
    expect(shown(asked({ requestedBy, undoOf })).words).toContain(' · asked for by <@U0BEN>')
    expect(shown(asked({ requestedBy })).words).not.toContain('asked for by')
    expect(shown(asked({ requestedBy, undoOf, expiry: true })).words).not.toContain('asked for by')
  })

  test('says by which rule it asks, and not all that the rule says', () => {
    const reason = 'rule 1 (line 4 of the deployed policy: { mode: approve }); a person is asked: x'
    const { words } = shown(asked({ ruling: { mode: 'approve', reason } }))
    expect(words.endsWith(' · rule 1 (line 4 of the deployed policy)')).toBe(true)
  })

  test('tells each step of its plan once, with the call', () => {
    const plan = samplePlan({ steps: [sampleStep(), sampleStep({ summary: 'x'.repeat(300) })] })
    const { words } = shown(asked({ plan }))
    expect(words.match(/revoke tcp 22/g)).toHaveLength(1)
    expect(words).toMatch(/\n {2}ec2:RevokeSecurityGroupIngress\n/)
    expect(words).toMatch(/\n {2}ec2:RevokeSecurityGroupIngress xxx/)
    const four = Array.from({ length: 5 }, (_, at) => sampleStep({ summary: `step ${at}` }))
    expect(shown(asked({ plan: samplePlan({ steps: four }) })).words).toContain('and 2 more steps')
  })

  test('of a run that changed nothing no longer shows what would have been sent', () => {
    const call = 'ec2:RevokeSecurityGroupIngress'
    const end: Partial<Run> = { state: 'closed', outcome: 'declined' }
    expect(shown({ ...asked(), ...end }).words).not.toContain(call)
    expect(shown(REMEDIATED).words).toContain(call)
  })

  test('no longer calls remediated without more what was undone since', () => {
    const [first] = shown({ ...REMEDIATED, undoneBy: '01KUNDO' }).words.split('\n')
    expect(first).toBe('↩️ remediated, then undone · sg-0web')
  })

  test('while it changes says what was sent, and no longer what was rehearsed', () => {
    const results: Run['results'] = [
      { step: 'one', status: 'applied', knownBy: 'answer' },
      { step: 'two', status: 'dryRunOk', knownBy: 'answer' },
    ]
    const { words } = shown(asked({ state: 'open', changedAt: '2026-11-20T09:59:00.000Z', results }))
    expect(words).toContain('`one` applied (answer)')
    expect(words).not.toContain('`two`')
  })

  test('names who may decide: people, groups and IAM patterns, and from when on more', () => {
    const approval: Run['approval'] = {
      ...asked().approval!,
      approvers: ['U0ANN', 'S0ONCALL', 'arn:aws:iam::*:role/Oncall'],
      escalate: [{ after: 'PT2H', approvers: ['S0LEADS'] }],
    }
    const who = 'Who may decide: <@U0ANN>, <!subteam^S0ONCALL>, `arn:aws:iam::*:role/Oncall`'
    const early = shown(asked({ approval })).words
    expect(early).toContain(`${who}, more people from <!date^`)
    expect(early).not.toContain('S0LEADS')
    expect(shown(asked({ approval }), { now: NOW + 3_600_000 }).words).toContain(`${who}, <!subteam^S0LEADS>`)
  })

  test('names a level that was opened, whatever the clock of the reader says', () => {
    const approval = { ...asked().approval!, escalate: [{ after: 'PT2H', approvers: ['S0LEADS'] }] }
    const run = asked({ approval, asked: { at: '2026-11-20T09:00:00.000Z', level: 1 } })
    expect(shown(run).words).toContain('Who may decide: <@U0ANN>, <!subteam^S0LEADS>')
  })

  test('is about the plan as it stands: a decline of another changes nothing', () => {
    const { words, ids } = shown(
      asked({ decisions: [decided({ verdict: 'decline', hash: 'sha256:0ther' })] }),
    )
    expect(words).toContain('*Declined* by <@U0ANN> in Slack')
    expect(words).toContain('for an earlier plan `0ther`')
    expect(ids).toContain('approve')
  })

  test('tells each decision by id, way and time, with its reason, after it is closed, too', () => {
    const decisions: Decision[] = [
      decided({ as: ['S0ONCALL'] }),
      decided({ by: 'arn:aws:iam::123456789012:user/cem', reason: 'seen *it*' }),
    ]
    const { words } = shown({ ...REMEDIATED, decisions })
    expect(words).toContain('*Approved* by <@U0ANN> (as <!subteam^S0ONCALL>) in Slack, <!date^1795167000^')
    expect(words).toContain('*Approved* by `arn:aws:iam::123456789012:user/cem` by command line')
    expect(words).toContain('“seen ∗it∗”')
  })

  test('asks once more before a step that cannot be undone is approved, and before an undo', () => {
    const plan = samplePlan({ steps: [sampleStep({ undo: { irreversible: 'it is gone' } })] })
    const approve = shown(asked({ plan })).buttons.find(({ action_id }) => action_id === 'approve')
    expect(approve?.confirm?.style).toBe('danger')
    expect(approve?.confirm?.text.text).toContain('Cannot be undone: revoke tcp 22')
    expect(shown(asked()).buttons.find(({ action_id }) => action_id === 'approve')?.confirm).toBeUndefined()
    expect(shown(REMEDIATED).buttons[0]?.confirm?.style).toBe('danger')
  })

  test('asks once more where the plan itself wants a person to look', () => {
    const reason = 'rule 1 (rectify.yaml:3); a person is asked all the same: 9 interfaces wear it'
    const { buttons } = shown(asked({ ruling: { mode: 'approve', reason } }))
    expect(buttons[0]?.confirm?.style).toBe('danger')
  })

  test('shows what the plan changes, who is affected, and what would put it back', () => {
    const plan = samplePlan({ warnings: ['CloudFormation stack web (Group) would put it back'] })
    const { words } = shown(asked({ plan }))
    expect(words).toContain('- rules: id sgr-1, protocol tcp, port 22, source 0.0.0.0/0\n  ec2:Revoke')
    expect(words).toContain('Affects 1 interface wears it\n• i-1 AWS::EC2::Instance')
    expect(words).toContain('⚠️ CloudFormation stack web (Group) would put it back')
  })

  test('that took the place of another says what has changed, and links to it', () => {
    const { words } = shown(asked(), { previousLines: ['- rules: id sgr-2'], supersedes: NEWER })
    expect(words).toContain(`Asked again: takes the place of <${NEWER}|an earlier card>`)
    expect(words).toContain('new:  - rules: id sgr-1')
    expect(words).toContain('gone: - rules: id sgr-2')
  })

  test('whose place another took links to it, without a button', () => {
    const { words, ids } = shown(asked(), { link: NEWER, stack: 'prod' })
    expect(words).toContain(`*Superseded*: asked again, on <${NEWER}|the newer card>`)
    expect(words).toContain(`rectify runs ${asked().id} --stack prod`)
    expect(ids).toEqual([])
  })

  test('whose place another took says of a decision about the plan of now that it was made there', () => {
    const run = asked({ decisions: [decided()] })
    expect(shown(run, { link: NEWER }).words).toMatch(/\*Approved\* by .*on the newer card/)
    expect(shown(run).words).not.toContain('on the newer card')
  })

  test('makes no link of an address that is none', () => {
    expect(shown(asked(), { link: 'https://x|<!channel>' }).words).toContain('on a newer card')
  })

  test('of a plan that is too long says how much is left out', () => {
    const steps = Array.from({ length: 300 }, (_, at) => sampleStep({ id: `s${at}` }))
    const { words } = shown(asked({ plan: samplePlan({ steps, before: PLAN.before, after: PLAN.after }) }))
    expect(words).toMatch(/… \d+ more lines, whole plan in the thread/)
  })
})
