import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import type { FaultRule } from '../../../src/sandbox/front/faults.ts'
import { sshOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { withDeployment } from './sandbox-deployment.ts'

/**
 * The functions' processes killed at the worst moments, through the deployed stack: what was in hand comes again when
 * its message becomes visible, three minutes later.
 */

const REDELIVERED_MS = 240_000
const POLL_MS = 500

const deployed = withDeployment()
let plant: Planter
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})

/** Ends every process in which a function runs, at once and without a word. */
function killFunctions(): void {
  const { pid: emulator } = deployed().sandbox.deployed!.emulator
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (parentOf(pid) === emulator) process.kill(Number(pid), 'SIGKILL')
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // It has ended since the folder was read.
    return undefined
  }
}

const revokes = (group: string): Partial<FaultRule> => ({
  service: 'ec2',
  operation: 'RevokeSecurityGroupIngress',
  when: ({ input }) => JSON.stringify(input).includes(group),
  count: 1,
})

const commits = (group: string): Partial<FaultRule> => ({
  service: 'dynamodb',
  operation: 'TransactWriteItems',
  when: ({ input }) => JSON.stringify(input).includes(group),
  count: 1,
})

test('killed before the change, after it and after the claim: each group is closed by one run and one change', async () => {
  const { sandbox } = deployed()
  const groups: string[] = []
  let kills = 0
  const kill = () => {
    kills += 1
    killFunctions()
  }
  for (const faults of [
    (group: string): FaultRule[] => [
      { ...revokes(group), fault: { kind: 'hook', before: kill } },
      { ...revokes(group), fault: { kind: 'reset' } },
    ],
    (group: string): FaultRule[] => [{ ...revokes(group), fault: { kind: 'hook', after: kill } }],
    (group: string): FaultRule[] => [{ ...commits(group), fault: { kind: 'hook', after: kill } }],
  ]) {
    const group = await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8', description: 'office' })
    groups.push(group)
    sandbox.faults.push(...faults(group))
    await deployed().detect(sshOpen(group))
    const end = Date.now() + 30_000
    while (kills < groups.length && Date.now() < end) await sleep(POLL_MS / 10)
    expect(kills).toBe(groups.length)
  }
  const closed = async (group: string) =>
    (await deployed().runsAbout(group)).some(({ state }) => state === 'closed')
  const end = Date.now() + REDELIVERED_MS
  while (Date.now() < end && !(await Promise.all(groups.map(closed))).every(Boolean)) await sleep(POLL_MS)
  await deployed().quiet()

  for (const group of groups) {
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8 "office"'])
    expect(await deployed().runsAbout(group)).toMatchObject([{ outcome: 'remediated', wakeUps: 1 }])
    expect(
      deployed()
        .changesOf(group)
        .filter(({ status }) => status === 200),
    ).toHaveLength(1)
    const [run] = await deployed().runsAbout(group)
    expect((await deployed().store.lock(run!.resource)).lockedBy).toBeUndefined()
  }
  expect(await deployed().messages('RunsDlq')).toEqual([])
}, 360_000)
