import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import type { FaultRule } from '../../../src/sandbox/faults.ts'
import { sshOpen } from '../events.ts'
import { type Planter, plantIn } from '../plant.ts'
import { withDeployment } from './deployment.ts'

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
  for (const faults of [
    (group: string): FaultRule[] => [
      { ...revokes(group), fault: { kind: 'hook', before: killFunctions } },
      { ...revokes(group), fault: { kind: 'reset' } },
    ],
    (group: string): FaultRule[] => [{ ...revokes(group), fault: { kind: 'hook', after: killFunctions } }],
    (group: string): FaultRule[] => [{ ...commits(group), fault: { kind: 'hook', after: killFunctions } }],
  ]) {
    const group = await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8', description: 'office' })
    groups.push(group)
    let killed = false
    const rules = faults(group)
    const struck: FaultRule = { ...rules.at(-1)!, fault: { kind: 'hook', after: () => (killed = true) } }
    sandbox.faults.push(
      ...rules.slice(0, 1),
      { ...struck, fault: { kind: 'hook', before: () => (killed = true) } },
      ...rules.slice(1),
    )
    await deployed().detect(sshOpen(group))
    const end = Date.now() + 30_000
    while (!killed && Date.now() < end) await sleep(POLL_MS / 10)
    expect(killed).toBe(true)
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
    expect((await deployed().store.lock(run!.resource)).held).toBeUndefined()
  }
  expect(await deployed().messages('RunsDlq')).toEqual([])
}, 360_000)
