import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run } from '../../src/run/run.ts'
import { environment } from '../cold-start.ts'
import { ACCOUNT, REGION } from '../security-groups.ts'
import type { Part } from './build.ts'
import { type DeployedFunction, deployedFunction, NotDone } from './function.ts'
import type { Stack } from './stack.ts'

export type Mode = 'auto' | 'approve'

/**
 * The functions of a build over one table. What one sends into the queue of work stays there until it is carried on.
 * What an invocation fails to do is thrown as `NotDone`.
 */
export interface Deployment {
  intake(event: string): Promise<void>
  /** Gives the runner what is in the queue, and what comes of it, one message after the other. */
  carryOn(mode: Mode): Promise<void>
  /** As the message that is sent for a decision, and what comes of it. */
  wake(run: Run, mode: Mode): Promise<void>
  sweep(): Promise<void>
  /** The run about a group, once it is there. */
  newestOf(group: string): Promise<Run>
  stop(): void
}

const POLICIES: Record<Mode, string> = {
  auto: 'version: 1\nrules:\n  - mode: auto\n',
  approve: 'version: 1\nrules:\n  - mode: approve\n',
}

export async function deploy(stack: Stack, table: string): Promise<Deployment> {
  const { build, bundled, folder, client, wire } = stack
  const made: DeployedFunction[] = []
  const functionOf = async (part: Part, mode: Mode) => {
    const root = join(folder, `policy-${mode}`)
    await mkdir(root, { recursive: true })
    await writeFile(join(root, 'rectify.yaml'), POLICIES[mode])
    const env = { ...environment(part, root, wire.endpoint), RECTIFY_TABLE: table }
    const deployed = deployedFunction(bundled(part), env)
    made.push(deployed)
    return deployed
  }
  const intake = await functionOf('intake', 'auto')
  const sweeper = await functionOf('sweeper', 'auto')
  const runners = { auto: await functionOf('runner', 'auto'), approve: await functionOf('runner', 'approve') }
  const store = build.store(client, table)

  async function take(taker: DeployedFunction, body: string, group: string): Promise<void> {
    const attributes = { MessageGroupId: group, ApproximateReceiveCount: '1' }
    const messageId = randomUUID()
    const record = { messageId, body, attributes, messageAttributes: {}, eventSource: 'aws:sqs' }
    const answer = await taker.invoke({ Records: [record] })
    const { batchItemFailures } = answer as { batchItemFailures: unknown[] }
    if (batchItemFailures.length > 0) throw new NotDone(taker.log())
  }

  async function carryOn(mode: Mode): Promise<void> {
    for (let left = wire.messages(); left.length > 0; left = wire.messages())
      for (const { body, group } of left) await take(runners[mode], body, group)
  }

  return {
    intake: (event) => take(intake, event, 'intake'),
    carryOn,
    async wake(run, mode) {
      const message = JSON.stringify({ kind: 'wake', run: run.id, why: 'decision' })
      await take(runners[mode], message, run.resource)
      await carryOn(mode)
    },
    async sweep() {
      await sweeper.invoke({ source: 'aws.scheduler' })
    },
    async newestOf(group) {
      const key = `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${group}`
      const id = await store.newest('ec2-close-open-ingress', key)
      const run = id === undefined ? undefined : await store.get(id)
      if (!run) throw new Error(`no run about group ${group}`)
      return run
    },
    stop() {
      for (const each of made) each.stop()
    },
  }
}

/** What EventBridge carries when a command has ended that somebody else has sent. */
export function endOfForeignCommand(): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'EC2 Command Invocation Status-change Notification',
    source: 'aws.ssm',
    account: ACCOUNT,
    time: new Date().toISOString(),
    region: REGION,
    resources: [`arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0f1e2d3c4b5a69788`],
    detail: {
      'command-id': randomUUID(),
      'document-name': 'AWS-RunPatchBaseline',
      'instance-id': 'i-0f1e2d3c4b5a69788',
      'requested-date-time': new Date().toISOString(),
      status: 'Success',
    },
  })
}
