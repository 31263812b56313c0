import { beforeAll, describe, expect, test } from '@jest/globals'
import type { ManagedInstance } from '../../src/sandbox/control.ts'
import { withSandbox } from '../support/sandbox.ts'
import { patchesMissing } from './detected-events.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** What comes of patch runs on nodes of all kinds, with Systems Manager as the sandbox plays it. */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})

/** Applies the finding about an instance; without `managed` Systems Manager does not know it. */
async function patched(managed: Partial<ManagedInstance> | undefined) {
  const instance = await plant.instance(managed)
  if (!managed) sandbox().control.instances.delete(instance)
  const program = programIn(sandbox())
  program.write('event.json', patchesMissing(instance))
  const { status, runs } = await program.report('apply', 'event.json')
  return { program, status, run: runs[0]! }
}

const sent = (program: Program) => changes(program).map(({ operation }) => operation)

describe('a finding about missing patches', () => {
  test('of a node that Systems Manager does not know is not applicable', async () => {
    const { program, status, run } = await patched(undefined)
    expect({ status, outcome: run.outcome }).toEqual({ status: 0, outcome: 'notApplicable' })
    expect(run.reason).toContain('no SSM agent')
    expect(sent(program)).toEqual([])
  })

  test('of a node on which nothing is left but rejected patches says so', async () => {
    const patches = { installed: 44, missing: 0, failed: 0, pendingReboot: 0, rejected: 2 }
    const { program, run } = await patched({ patches })
    expect(run).toMatchObject({
      outcome: 'notApplicable',
      reason: '2 installed patches are on the rejected list',
    })
    expect(sent(program)).toEqual([])
  })
})

describe('a patch command that says that it failed', () => {
  test('and installed all is remediated, and told as a warning', async () => {
    const { program, status, run } = await patched({ patching: 'complains' })
    expect({ status, outcome: run.outcome }).toEqual({ status: 0, outcome: 'remediated' })
    const { document } = await program.run('runs', run.run)
    const warnings = [expect.stringContaining('step PatchLinux ended with exit status 1')]
    expect(document).toMatchObject({ runs: [{ warnings }] })
  })

  test('and left patches is failed, with their number, how it ended and the command that shows its output', async () => {
    const { status, run } = await patched({ patching: 'fails' })
    expect({ status, outcome: run.outcome }).toEqual({ status: 1, outcome: 'failed' })
    const { id } = sandbox().control.commands.at(-1)!
    expect(run.reason).toContain('0 patches are missing and 3 failed')
    expect(run.reason).toContain(`aws ssm list-command-invocations --command-id ${id} --details`)
    expect(run.reason).toContain(`command ${id}: Failed, step PatchLinux ended with exit status 1`)
  })
})
