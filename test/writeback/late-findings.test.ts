import { expect, test } from '@jest/globals'
import { lateFindings } from '../../src/writeback/late-findings.ts'
import { endedRun, hubFinding } from './told-runs.ts'

test('findings that a run has covered are noted where somebody is to be told of them, and all is told on', () => {
  const told: string[] = []
  const { ports, found } = lateFindings({
    now: 1,
    progress: ({ kind }: { kind: string }) => void told.push(kind),
  })
  const run = endedRun()
  const late = hubFinding('late')
  ports.progress({ kind: 'closed', run } as never)
  ports.progress({ kind: 'covered', run, findings: [hubFinding(), late] } as never)
  ports.progress({ kind: 'covered', run, findings: [hubFinding()] } as never)
  ports.progress({ kind: 'covered', run: endedRun({ tell: [] }), findings: [late] } as never)
  expect(found).toEqual([{ run, findings: [late] }])
  expect(told).toEqual(['closed', 'covered', 'covered', 'covered'])
  expect(ports.now).toBe(1)
})
