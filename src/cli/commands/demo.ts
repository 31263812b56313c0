import type { Command } from 'commander'
import { runJson } from '../../reports/run/run-json.ts'
import type { Sandbox } from '../../sandbox/start.ts'
import type { Scene, Stage } from '../demo/scenes.ts'
import { demoPolicy, NEXT, undoable } from '../demo/script.ts'
import { loadPlaybooks } from '../program/catalogue.ts'
import { openEngine } from '../program/context.ts'
import type { Invocation } from '../program/invocation.ts'
import { openStack } from '../stack/stack.ts'
import { uponInterruption } from '../terminal/interruption.ts'

const EXAMPLES = `
Examples:
  rectify demo
  npm start                  the same, in a checkout`

/**
 * `rectify demo`: every playbook from an event on the bus of a deployed stack to the proof, on AWS on this machine. What
 * `npm start` runs.
 */
export function demo(command: Command, invocation: Invocation): void {
  command.addHelpText('after', EXAMPLES).action(async () => {
    const { output } = invocation
    const off = uponInterruption(() => output.note('interrupted; nothing of it is left'))
    const { startSandbox } = await import('../../sandbox/start.ts')
    output.note('starting AWS on this machine (the first time, its emulators are installed)')
    const sandbox = await startSandbox({
      stack: { name: STACK, slack: true, policy: (seeds) => demoPolicy(seeds['prod-bastion'] ?? '') },
      log: (line) => output.note(line),
    })
    try {
      await play(invocation, sandbox)
    } finally {
      await sandbox.stop()
      off()
    }
  })
}

const STACK = 'rectify'

async function play(invocation: Invocation, sandbox: Sandbox): Promise<void> {
  const { output } = invocation
  const [
    { playEvent, playTriage, playUndo, summary },
    { answerInSlack },
    samples,
    others,
    { checkedPolicy },
  ] = await Promise.all([
    import('../demo/scenes.ts'),
    import('../demo/asked.ts'),
    import('../../sandbox/sample-events/sample-events.ts'),
    import('../../sandbox/sample-events/every-detector.ts'),
    import('../../policy/file/load.ts'),
  ])
  const own = onStage(invocation, sandbox)
  const stack = await openStack(own)
  const playbooks = await loadPlaybooks(own)
  const policy = await checkedPolicy(
    demoPolicy(sandbox.seeds['prod-bastion'] ?? ''),
    'rectify.yaml',
    playbooks,
  )
  const here = await openEngine(own, playbooks, policy)
  const stage: Stage = {
    invocation: own,
    stack,
    playbooks,
    rehearse: async (findings) => (await here.engine.handle(findings, 'rehearse')).runs,
    ask: (run) => answerInSlack({ slack: sandbox.deployed!.slack!, output, stack }, run),
    detect: (event) => sandbox.deployed!.detectors.put(event),
  }
  const scenes: Scene[] = []
  try {
    for (const sample of samples.sampleEvents(sandbox.seeds)) scenes.push(await playEvent(stage, sample))
    const taken = undoable(scenes.flatMap(({ runs }) => runs))
    if (taken) scenes.push(await playUndo(stage, taken))
    playTriage(stage, others.detectorEvents(sandbox.seeds), policy)
  } finally {
    await here.close()
    await stack.close()
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
 * The invocation on the demo's own ground: every AWS call to the sandbox, every command to its stack, whatever the
 * person's options, environment and credentials say.
 */
function onStage({ output }: Invocation, { env, endpoint, region }: Sandbox): Invocation {
  // The SDK takes credentials from the environment of the process.
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name]
  Object.assign(process.env, env)
  const shared = { stack: STACK, endpointUrl: endpoint, region, yes: true }
  return { env, cwd: process.cwd(), output, shared, status: 0 }
}
