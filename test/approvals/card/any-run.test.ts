import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { allBoundIn, boundIn } from '../../../src/approvals/card/action-ids.ts'
import { digestOf } from '../../../src/approvals/card/digest.ts'
import { declineReasonModal, detailsModal, exemptModal } from '../../../src/approvals/card/modals.ts'
import { planFile } from '../../../src/approvals/card/plan-lines.ts'
import { cardOf } from '../../../src/approvals/card/run-card.ts'
import { stageOf } from '../../../src/approvals/card/stage.ts'
import { threadReplies } from '../../../src/approvals/card/thread-replies.ts'
import { shortHash } from '../../../src/playbook/plan.ts'
import type { Run } from '../../../src/run/run.ts'
import { arbitraryRun, NOW } from '../../support/arbitrary-runs.ts'
import { problemsOfMessage, problemsOfView } from '../../support/block-kit.ts'
import { buttonsIn, markupIn, markupTexts, wordsIn } from '../../support/slack-markup.ts'

const NEWER = 'https://acme.slack.com/archives/C0OPS/p1764412345000100'
const view = (run: Run, more: object = {}) => ({ run, now: NOW, stack: 'prod', ...more })
const views = fc.uniqueArray(arbitraryRun, { minLength: 2, maxLength: 10, selector: ({ id }) => id })

/** Mentions of people in terms and decisions, dates, links to cards, and our own words in bold. */
const OURS = [
  /^<@[UW]0(ANN|BOB|CEM)>$/,
  /^<!subteam\^S0ONCALL>$/,
  /^<!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: -]+UTC>$/,
  /^<https:\/\/acme\.slack\.com\/archives\/C0OPS\/p\d+\|(the newer card|an earlier card)>$/,
  /^\*(Approval wanted|Nobody decided in time|Approved, starting|Decided|Looking|Waiting for its turn)\*$/,
  /^\*(Changing it now|Changed, and waiting|Closed|Its state cannot be read here|Superseded|declined)\*$/,
  /^\*(Approved|Declined|Exempted|Proven|not proven|Undone)\*$/,
  /^\*[a-zA-Z]+\*$/,
]
const foreignIn = (text: string) => markupIn(text).filter((one) => !OURS.some((ours) => ours.test(one)))

describe('whatever a run holds', () => {
  test('its card is one that Slack takes, and no word from outside is more than text', () => {
    fc.assert(
      fc.property(arbitraryRun, fc.array(fc.string()), fc.boolean(), (run, previousLines, isOld) => {
        const more = isOld ? { link: NEWER } : { previousLines, supersedes: NEWER }
        const card = cardOf(view(run, more))
        expect(problemsOfMessage(card)).toEqual([])
        expect([card.text, ...markupTexts(card.blocks)].flatMap(foreignIn)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('its card and modals show the hash, and the text says what the blocks say', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const { text, blocks } = cardOf(view(run))
        const hash = run.plan ? shortHash(run.plan.hash) : 'plan none'
        expect(wordsIn(blocks)).toContain(hash)
        expect(text).toContain(hash)
        const small = markupTexts(blocks)
        const kept = text.length < 3_000 ? small : [...small.slice(0, 2), ...small.slice(-1)]
        expect(kept.filter((one) => !text.includes(one))).toEqual([])
      }),
    )
  })

  test('buttons stand on its card only where they may be used, and each is bound to run and plan', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const buttons = buttonsIn(cardOf(view(run)).blocks)
        const ids = buttons.map(({ action_id }) => action_id)
        const stage = stageOf(run, NOW)
        expect(ids.includes('approve')).toBe(stage === 'asking')
        expect(ids.includes('decline')).toBe(stage === 'asking')
        expect(ids.includes('exempt')).toBe(stage === 'asking' && run.undoOf === undefined)
        expect(ids.includes('details')).toBe(stage !== 'unknown' && run.plan !== null)
        if (ids.includes('undo'))
          expect([run.state, run.undoOf, run.undoneBy]).toEqual(['closed', undefined, undefined])
        for (const { value } of buttons) {
          expect(boundIn(value ?? '')).toEqual({ run: run.id, hash: run.plan?.hash })
        }
        expect(buttonsIn(cardOf(view(run, { link: NEWER })).blocks)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('nobody is asked once enough people have decided or the time is over', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        if (stageOf(run, NOW) !== 'asking') return
        expect(run.state).toBe('waiting')
        expect(Date.parse(run.waitingUntil ?? '')).toBeGreaterThan(NOW)
        const current = run.decisions.filter(({ round }) => round === run.round)
        expect(current.filter(({ verdict }) => verdict !== 'approve')).toEqual([])
        const people = new Set(current.map(({ by }) => by))
        expect(people.size).toBeLessThan(run.approval?.quorum ?? 1)
      }),
      { numRuns: 100 },
    )
  })

  test('who decided stays on its card in every state', () => {
    fc.assert(
      fc.property(arbitraryRun, fc.boolean(), (run, isOld) => {
        const words = wordsIn(cardOf(view(run, isOld ? { link: NEWER } : {})).blocks)
        for (const { by } of run.decisions)
          expect(words).toContain(by.startsWith('slack:') ? `<@${by.slice(13)}>` : by)
      }),
    )
  })

  test('its thread and its modals are such that Slack takes them', () => {
    fc.assert(
      fc.property(arbitraryRun, fc.constantFrom('half' as const, 'lastTenth' as const), (run, reminded) => {
        const asked = { at: '2026-11-20T09:00:00.000Z', level: run.asked?.level ?? 0, reminded }
        const replies = threadReplies(view({ ...run, asked }))
        expect(replies.flatMap(({ text }) => foreignIn(text))).toEqual([])
        expect(replies.filter(({ text }) => text === '' || text.length > 12_000)).toEqual([])
        expect(new Set(replies.map(({ key }) => key)).size).toBe(replies.length)
        for (const modal of [detailsModal(run, NOW), declineReasonModal(run), exemptModal(run)]) {
          expect(problemsOfView(modal)).toEqual([])
          expect(boundIn(modal.private_metadata ?? '')).toEqual({ run: run.id, hash: run.plan?.hash ?? '' })
          expect(markupTexts(modal.blocks as never).flatMap(foreignIn)).toEqual([])
        }
      }),
    )
  })

  test('what its card leaves out of the plan is in the file', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const words = wordsIn(cardOf(view(run)).blocks)
        if (!words.includes('whole plan in the thread')) return
        const file = planFile(run)
        expect(file?.content).toContain(run.plan?.hash)
        expect(threadReplies(view(run)).map((reply) => reply.file)).toContainEqual(file)
      }),
    )
  })
})

describe('whatever several runs hold', () => {
  test('their list is one that Slack takes, each with its hash, state and decisions', () => {
    fc.assert(
      fc.property(views, (runs) => {
        const list = digestOf(runs.map((run) => view(run)))
        expect(problemsOfMessage(list)).toEqual([])
        expect([list.text, ...markupTexts(list.blocks)].flatMap(foreignIn)).toEqual([])
        const words = wordsIn(list.blocks)
        for (const run of runs) if (run.plan) expect(words).toContain(shortHash(run.plan.hash))
      }),
      { numRuns: 100 },
    )
  })

  test('all are approved at once only where each waits and nothing has to be asked first', () => {
    fc.assert(
      fc.property(views, (runs) => {
        const buttons = buttonsIn(digestOf(runs.map((run) => view(run))).blocks)
        const plain = buttons.filter(({ action_id, confirm }) => action_id === 'approve' && !confirm)
        const all = buttons.filter(({ action_id }) => action_id === 'approve_all')
        const bound = all.flatMap(({ value }) => allBoundIn(value ?? ''))
        expect(bound).toEqual(plain.length > 1 ? plain.map(({ value }) => boundIn(value ?? '')) : [])
      }),
      { numRuns: 100 },
    )
  })
})
