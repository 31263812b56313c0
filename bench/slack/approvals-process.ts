/** A sandbox with Slack, and what people decide in it. Told by its parent how much; tells what it saw, see `Approvals`. */
import { clientConfig } from '../../src/sandbox/client-config.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { plantOpenGroups } from '../storm/open-groups.ts'
import { lifeOfApprovals } from './approval-life.ts'
import type { Approvals, Order, Scene } from './approvals.ts'
import { type Channel, openChannel } from './channel.ts'
import { workOfClicks } from './click-work.ts'
import { decided } from './clicks.ts'
import { shown } from './shown.ts'

/** Approvers by name: who is in a group may be read from Slack 20 times a minute only. */
const POLICY = `version: 1
slack: { workspace: T0ACME }
rules:
  - when: { type: RESTRICTED_INCOMING_TRAFFIC }
    mode: approve
    approval: { channel: C0SECOPS, approvers: [U0ANN, U0BEN], expiresAfter: 24h }
  - mode: auto
`
/** Clicks that are not measured: by the first ones the functions start. */
const WARM_UP = 3

// The parent has ended: nobody waits for this any more, and the emulators end with this process.
process.once('disconnect', () => process.exit())

const order = JSON.parse(process.argv[2] ?? '') as Order
const sandbox = await startSandbox({
  seed: false,
  stack: { name: 'rectify', policy: () => POLICY, slack: true },
})
try {
  const told = await approvalsIn(await openChannel(sandbox))
  await new Promise<void>((resolve) => process.send?.(told, () => resolve()))
} finally {
  await sandbox.stop()
}
process.disconnect?.()

async function approvalsIn(channel: Channel): Promise<Approvals> {
  const perScene = WARM_UP + order.decisions + order.counted
  const ec2 = clientConfig(sandbox.env)
  const tell = (line: string) => process.stderr.write(`  ${line} ...\n`)
  tell('groups are made')
  // All at first: moto looks through every group for each question about one.
  const toAsk = await plantOpenGroups(ec2, 2 * (perScene + order.counted) + order.beside, 3306)
  const automatic = await plantOpenGroups(ec2, 2 * (WARM_UP + order.decisions))
  tell(`${perScene} runs, which are all decided`)
  const alone = await scene(channel, toAsk.splice(0, perScene), automatic)
  tell('approvals one at a time')
  const life = await lifeOfApprovals(channel, toAsk.splice(0, 2 * order.counted))
  tell(`${toAsk.length} runs`)
  const among = await scene(channel, toAsk, automatic)
  channel.close()
  return { order, alone, among, life }
}

/** Asks about groups, and decides about some of them; `automatic` are open groups for what is carried out beside. */
async function scene(channel: Channel, groups: readonly string[], automatic: string[]): Promise<Scene> {
  const { cards, shown: how } = await shown(channel, groups)
  await decided(channel, cards.splice(0, WARM_UP), automatic)
  const clicks = await decided(channel, cards.splice(0, order.decisions), automatic)
  return { shown: how, decided: clicks, work: await workOfClicks(channel, cards.splice(0, order.counted)) }
}
