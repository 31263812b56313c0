import type { Finding } from '../../src/findings/finding.ts'
import type { Outcome } from '../../src/run/run.ts'
import { type Live, live, SCENES, type Scene } from './scene-per-playbook.ts'
import { APPROVE, AUTO, type Process, publicSnapshots, start, type World } from './simulated-world.ts'

/** Work that can be interrupted. */
export interface Work {
  name: string
  policy: string
  /** Fills the world; gives what a process is asked for, and what AWS holds when it is done. */
  arrange(world: World): Promise<{ ask: (process: Process) => Promise<unknown>; wanted: Live }>
  /** How the one run ends that changes something. */
  outcome: Outcome
}

const HOUR = 3_600_000

const scene = (name: string): Scene => SCENES.find((one) => one.name === name)!

const apply = (finding: Finding) => (process: Process) => process.engine.handle([finding], 'apply')

function applied(name: string, policy: string): Work {
  return {
    name: `${policy === AUTO ? 'an auto' : 'an approved'} run for ${name}`,
    policy,
    async arrange(world) {
      const ask = apply(scene(name).arrange(world))
      return { ask, wanted: scene(name).wanted(live(world)) }
    },
    outcome: 'remediated',
  }
}

/** Takes back what another process has done before: afterwards AWS holds what it held at first. */
function takenBack(
  name: string,
  how: string,
  ask: (process: Process, run: string) => Promise<unknown>,
  laterMs = 0,
): Work {
  return {
    name: `the ${how} of a run for ${name}`,
    policy: AUTO,
    async arrange(world) {
      const finding = scene(name).arrange(world)
      const wanted = live(world)
      const { runs } = await start(world).engine.handle([finding], 'apply')
      world.clock.advance(laterMs)
      return { ask: (process) => ask(process, runs[0]!.id), wanted }
    },
    outcome: 'undone',
  }
}

const undo = ({ engine }: Process, run: string) => engine.undo(run, { restFor: 'PT24H' })

export const WORK: readonly Work[] = [
  ...SCENES.map(({ name }) => applied(name, AUTO)),
  ...SCENES.map(({ name }) => applied(name, APPROVE)),
  {
    name: 'an auto run for a finding that names the account, not the snapshot',
    policy: AUTO,
    async arrange(world) {
      world.aws.ec2.addSnapshot('snap-0web', [{ Group: 'all' }, { UserId: '111122223333' }])
      const wanted = { ...live(world), shares: { 'snap-0web': [{ UserId: '111122223333' }] } }
      return { ask: apply(publicSnapshots(world)), wanted }
    },
    outcome: 'remediated',
  },
  takenBack('an open group', 'undo', undo),
  takenBack('a public snapshot', 'undo', undo),
  takenBack('an attacker', 'undo', undo),
  takenBack('an attacker', 'expiry', ({ engine }) => engine.sweep(), 25 * HOUR),
]
