import { describe, expect, test } from '@jest/globals'
import type { Output } from '../../src/cli/terminal/output.ts'
import { terminalAnswers } from '../../src/cli/terminal/terminal.ts'
import { plain } from '../../src/reports/paint.ts'
import { samplePlan, sampleRun } from '../support/sample-run.ts'

/** Nobody is there: the output of a pipeline. */
const unattended: Output = {
  json: true,
  paint: plain,
  notePaint: plain,
  interactive: false,
  updating: false,
  result: () => undefined,
  lines: async () => true,
  say: () => undefined,
  note: () => undefined,
  status: () => undefined,
  asking: (question) => question(),
  flushed: async () => true,
}

const waiting = sampleRun({ state: 'waiting', waitingFor: 'approval', outcome: null, mode: 'approve' })
const hash = waiting.plan?.hash ?? ''

describe('without a terminal', () => {
  test('a run that needs a word is left waiting', async () => {
    expect(await terminalAnswers({}, unattended, {})(waiting)).toEqual({ kind: 'leave' })
  })

  test('--yes is yes to the first plan of each run and to no later one', async () => {
    const ask = terminalAnswers({ yes: true }, unattended, {})
    const other = sampleRun({ ...waiting, id: '01K00000000000000000000002' })
    expect(await ask(waiting)).toEqual({ kind: 'approve' })
    expect(await ask(other)).toEqual({ kind: 'approve' })
    expect(await ask(waiting)).toEqual({ kind: 'leave' })
  })

  // A changed resource has another plan, which nobody has approved.
  test('--approve is yes to exactly that plan, in whatever round it comes', async () => {
    const ask = terminalAnswers({ approve: hash }, unattended, {})
    const changed = { ...waiting, plan: samplePlan({ before: { rules: ['another'] } }) }
    expect(await ask(changed)).toEqual({ kind: 'leave' })
    expect(await ask(waiting)).toEqual({ kind: 'approve' })
  })

  test('--approve is not loosened by --yes', async () => {
    expect(await terminalAnswers({ approve: 'sha256:other', yes: true }, unattended, {})(waiting)).toEqual({
      kind: 'leave',
    })
  })
})
