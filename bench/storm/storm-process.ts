/** One build's sandbox, and a storm in it. Told by its parent which; tells what it saw, see `Storm`. */

import { clientConfig } from '../../src/sandbox/client-config.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { buildIn } from './build.ts'
import { meteredTable } from './metered-table.ts'
import { plantOpenGroups } from './open-groups.ts'
import { stackIn } from './stack-in-sandbox.ts'
import type { Order, Storm } from './storm.ts'

const AUTO = 'version: 1\nrules:\n  - mode: auto\n'
/** Sweeps at the end, when nothing is to be done. */
const SWEEPS = 3

// The parent has ended: nobody waits for this storm any more, and the emulators end with this process.
process.once('disconnect', () => process.exit())

const order = JSON.parse(process.argv[2] ?? '') as Order
const { startSandbox, dynamoStore } = await buildIn(order.folder)
const sandbox = await startSandbox({ seed: false, stack: { name: 'rectify', policy: () => AUTO } })
try {
  const storm = await stormIn(sandbox)
  await new Promise<void>((resolve) => process.send?.(storm, () => resolve()))
} finally {
  await sandbox.stop()
}
process.disconnect?.()

async function stormIn(sandbox: Sandbox): Promise<Storm> {
  const { env, deployed, requests, faults } = sandbox
  const ofFunctions = ({ accessKey }: { accessKey: string }) => accessKey !== env.AWS_ACCESS_KEY_ID
  const table = deployed!.stack.outputs.TableName!
  const groups = await plantOpenGroups(clientConfig(env), order.findings)
  const stack = await stackIn(sandbox)
  const meter = order.metered ? await meteredTable(stack.dynamo, table, ofFunctions) : undefined
  if (meter) faults.push(meter.rule)
  if (order.delayMs > 0) faults.push({ fault: { kind: 'delay', ms: order.delayMs }, when: ofFunctions })
  requests.length = 0

  const start = Date.now()
  const about = (group: string) => configRule('restricted-ssh', 'AWS::EC2::SecurityGroup', group)
  for (const wave of waves(groups, order.atOnce)) {
    await deployed!.detectors.put(...wave.map(about))
    await stack.quiet()
  }
  const runs = await dynamoStore(stack.dynamo, table).list()
  const wrong = runs.filter(({ outcome }) => outcome !== 'remediated')
  if (runs.length !== groups.length || wrong.length > 0)
    throw new Error(`${runs.length} runs of ${groups.length} groups, ${wrong.length} of them not remediated`)
  const seconds = (Math.max(...runs.map(({ endedAt }) => Date.parse(endedAt!))) - start) / 1000

  const functions = await stack.invocations()
  const calls: Storm['calls'] = {}
  for (const { service, operation } of requests.filter(ofFunctions)) {
    const call = `${service}:${operation}`
    calls[call] = (calls[call] ?? 0) + 1
  }
  const use = meter?.used()
  for (let sweep = 0; sweep < SWEEPS; sweep++) await stack.invoke('sweeper')
  const { sweeper } = await stack.invocations()
  const swept = meter?.used()
  const metered = meter &&
    use && { ...use, bytes: await meter.stored(), readUnitsOfSweep: (swept?.readUnits ?? 0) / SWEEPS }
  stack.close()
  return { seconds, functions: { ...functions, sweeper }, calls, ...(metered && { table: metered }) }
}

/** So many at a time; all at once where nothing is said. */
function waves<T>(all: readonly T[], size = all.length): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))
}
