import { describe, expect, test } from '@jest/globals'
import { allBoundIn, boundIn, boundValue, EXEMPT_DAYS } from '../../../src/approvals/card/action-ids.ts'
import { declineReasonModal, detailsModal, exemptModal } from '../../../src/approvals/card/modals.ts'
import { NOW } from '../../support/arbitrary-runs.ts'
import { asked, PLAN } from '../../support/asked-run.ts'
import { problemsOfView } from '../../support/block-kit.ts'
import { samplePlan, sampleStep } from '../../support/sample-run.ts'

const RUN = asked()
const bound = { run: RUN.id, hash: PLAN.hash }

describe('a modal', () => {
  test.each([
    ['details', detailsModal(RUN, NOW)],
    ['reason', declineReasonModal(RUN)],
    ['exempt', exemptModal(RUN)],
  ])('%s is bound to the run and the plan that was seen', (id, view) => {
    expect(problemsOfView(view)).toEqual([])
    expect(view.callback_id).toBe(id)
    expect(boundIn(view.private_metadata ?? '')).toEqual(bound)
  })

  test('for an exemption needs a reason and a time out of four', () => {
    expect(exemptModal(RUN).blocks).toContainEqual(
      expect.objectContaining({
        block_id: 'reason',
        optional: false,
        element: expect.objectContaining({ min_length: 1 }),
      }),
    )
    const until = exemptModal(RUN).blocks.find(({ block_id }) => block_id === 'until')
    const options = EXEMPT_DAYS.map((days) => expect.objectContaining({ value: String(days) }))
    expect(until).toMatchObject({ element: { action_id: 'days', options } })
  })

  test('after a decline takes no reason for an answer', () => {
    expect(declineReasonModal(RUN).blocks).toContainEqual(
      expect.objectContaining({ block_id: 'reason', optional: true }),
    )
  })

  test('with the details has every call, and says where the rest is when there is too much', () => {
    expect(JSON.stringify(detailsModal(RUN, NOW).blocks)).toContain('RevokeSecurityGroupIngress')
    const steps = Array.from({ length: 300 }, (_, at) => sampleStep({ id: `step-${at}` }))
    const long = detailsModal(asked({ plan: samplePlan({ steps }) }), NOW)
    expect(problemsOfView(long)).toEqual([])
    expect(JSON.stringify(long.blocks)).toContain("the file in the card's thread has all of it")
  })
})

describe('the value of a button', () => {
  test('is read as it was written', () => {
    expect(boundIn(boundValue(bound))).toEqual(bound)
  })

  test.each([
    '',
    RUN.id,
    `${RUN.id}:sha256:12345678`,
    `${RUN.id}:${PLAN.hash} `,
    `${RUN.id}:${PLAN.hash}\n`,
    `${RUN.id.toLowerCase()}:${PLAN.hash}`,
    `x:${PLAN.hash}`,
  ])('is nothing when no card wrote it: %j', (value) => {
    expect(boundIn(value)).toBeUndefined()
    expect(allBoundIn(`${boundValue(bound)},${value}`)).toBeUndefined()
  })
})
