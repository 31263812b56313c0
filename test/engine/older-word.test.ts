import { describe, expect, test } from '@jest/globals'
import type { Finding, FindingStatus } from '../../src/findings/finding.ts'
import { AUTO, newWorld, sshOpen, start } from './simulated-world.ts'

const GROUP = 'sg-0web'

/** What comes of several words about one finding, the later with the higher version. */
async function handled(...words: [status: FindingStatus, version: number][]) {
  const made = newWorld(AUTO)
  made.aws.groups.add(GROUP, [{ id: 'sgr-open', from: 22, cidr: '0.0.0.0/0' }])
  const found = sshOpen(made, GROUP)
  const findings = words.map(
    ([status, version]): Finding => ({
      ...found,
      status,
      version: `${found.observedAt}#000000000${version}`,
    }),
  )
  const { runs, ignored } = await start(made).engine.handle(findings, 'apply')
  return { outcomes: runs.map(({ outcome }) => outcome), reasons: ignored.map(({ reason }) => reason), made }
}

describe('an older word about a finding', () => {
  test.each<[FindingStatus]>([['suppressed'], ['archived'], ['muted'], ['passed'], ['resolved']])(
    'is none to act on where a later one has it %s, whichever comes first',
    async (status) => {
      const older: [FindingStatus, number] = ['active', 1]
      for (const words of [
        [older, [status, 2]],
        [[status, 2], older],
      ] as [FindingStatus, number][][]) {
        const { outcomes, reasons, made } = await handled(...words)
        expect(outcomes).toEqual([])
        expect(reasons).toContain(`an older word: it is ${status} since`)
        expect(made.aws.changes()).toEqual([])
      }
    },
  )

  test('is one where the later has it open again, or none is later', async () => {
    expect((await handled(['suppressed', 1], ['active', 2])).outcomes).toEqual(['remediated'])
    expect((await handled(['active', 1], ['suppressed', 2], ['active', 3])).outcomes).toEqual(['remediated'])
    expect((await handled(['active', 2], ['suppressed', 2])).outcomes).toEqual(['remediated'])
  })
})
