import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import type { Sandbox } from '../../sandbox/start.ts'
import { loadPlaybooks, titlesOf } from '../catalogue.ts'
import { openEngine } from '../context.ts'
import type { Scene } from '../demo/scenes.ts'
import { demoPolicy, NEXT, undoable } from '../demo/script.ts'
import type { Invocation } from '../invocation.ts'
import { lookUpPolicy } from '../policy-lookup.ts'
import { runJson } from '../run-json.ts'

const EXAMPLES = `
Examples:
  rectify demo
  npm start                  the same, in a checkout`

/** `rectify demo`: every playbook from finding to proof, on AWS on this machine. What `npm start` runs. */
export function demo(invocation: Invocation): Command {
  return new Command('demo')
    .description('watch it work, on AWS on this machine: find, plan, dry-run, change, prove, take back')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { output } = invocation
      const { startSandbox } = await import('../../sandbox/start.ts')
      output.note('starting AWS on this machine (the first time, its emulator is installed)')
      const sandbox = await startSandbox({ log: (line) => output.note(line) })
      const folder = await mkdtemp(join(tmpdir(), 'rectify-demo-'))
      try {
        await play(invocation, sandbox, folder)
      } finally {
        await sandbox.stop()
        await rm(folder, { recursive: true, force: true })
      }
    })
}

async function play(invocation: Invocation, sandbox: Sandbox, folder: string): Promise<void> {
  const { output } = invocation
  const [{ playEvent, playUndo, summary }, { sampleEvents }] = await Promise.all([
    import('../demo/scenes.ts'),
    import('../../sandbox/events.ts'),
  ])
  const stage = await stageIn(folder, invocation, sandbox)
  const playbooks = await loadPlaybooks()
  const { engine, close } = await openEngine(stage, playbooks, await lookUpPolicy(stage, playbooks))
  const scenes: Scene[] = []
  try {
    for (const sample of sampleEvents(sandbox.seeds)) scenes.push(await playEvent(engine, sample, output))
    const taken = undoable(scenes.flatMap(({ runs }) => runs))
    if (taken)
      scenes.push(
        await playUndo(engine, taken, titlesOf(playbooks)[taken.playbook] ?? taken.playbook, output),
      )
  } finally {
    await close()
  }
  const ok = scenes.every(({ wrong }) => wrong === undefined)
  const document = {
    ok,
    scenes: scenes.map((scene) => ({ ...scene, runs: scene.runs.map((run) => runJson(run)) })),
  }
  output.result(document, () => `\n${summary(scenes, output.paint)}\n\n${NEXT}`)
  invocation.status = ok ? 0 : 1
}

/**
 * The invocation on the demo's own ground: its policy and runs in a folder of its own, every AWS call to the sandbox,
 * whatever the person's options, environment and credentials say.
 */
async function stageIn(
  folder: string,
  { output }: Invocation,
  { env, seeds, endpoint, region }: Sandbox,
): Promise<Invocation> {
  const policy = join(folder, 'rectify.yaml')
  await writeFile(policy, demoPolicy(seeds['prod-bastion'] ?? ''))
  // The SDK takes credentials from the environment of the process.
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name]
  Object.assign(process.env, env)
  const shared = { policy, state: join(folder, 'state'), endpointUrl: endpoint, region, yes: true }
  return { env, cwd: folder, output, shared, status: 0 }
}
