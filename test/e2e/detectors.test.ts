import { beforeAll, expect, test } from '@jest/globals'
import { withSandbox } from '../support/sandbox.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { programIn } from './program-in-sandbox.ts'

const sandbox = withSandbox()
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})

test('try', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const own = programIn(sandbox())
  const ended = await own.run('sweep', '--detectors')
  console.log(group, ended.status, ended.stderr, JSON.stringify((ended.document as any).asked, null, 1), (ended.document as any).runs?.map((r: any) => [r.resource, r.outcome, r.reason]), (ended.document as any).ignored)
  console.log(own.requests().map((r) => `${r.service} ${r.operation} ${r.status}`).join('\n'))
  expect(1).toBe(1)
})
