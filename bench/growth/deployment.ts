import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run } from '../../src/run/run.ts'
import { environment } from '../cold-start.ts'
import { sshEvent } from '../events.ts'
import { ACCOUNT, groupId, REGION } from '../security-groups.ts'
import type { Part } from './build.ts'
import { type DeployedFunction, deployedFunction } from './function.ts'
import type { Stack } from './stack.ts'

export type Mode = 'auto' | 'approve'

/** The functions of a build over one table. What one sends into the queue of work stays there until it is carried on. */
export interface Deployment {
  intake(event: string): Promise<void>
  /** Gives the runner what is in the queue, and what comes of it, one message after the other. */
  carryOn(mode: Mode): Promise<void>
  /** Puts a message into the queue's place and carries it on. */
  wake(run: Run, mode: Mode): Promise<void>
  /** Whether it ended before its time was up. */
  sweep(): Promise<boolean>
  /** The run about a group, once it is there. */
  newestOf(group: number): Promise<Run>
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
    const answered = await taker.invoke({ Records: [record] })
    if (!answered) throw new Error(`no answer in time to ${body}`)
    const { batchItemFailures } = answered.answer as { batchItemFailures: unknown[] }
    if (batchItemFailures.length > 0) throw new Error(`failed: ${body}`)
  }

  async function carryOn(mode: Mode): Promise<void> {
    for (let left = wire.messages(); left.length > 0; left = wire.messages())
      for (const { body, group } of left) await take(runners[mode], body, group)
  }

  return {
    intake: (event) => take(intake, event, 'intake'),
    carryOn,
    async wake(run, mode) {
      await take(runners[mode], JSON.stringify({ kind: 'wake', run: run.id, why: 'decision' }), run.resource)
      await carryOn(mode)
    },
    sweep: async () => (await sweeper.invoke({ source: 'aws.scheduler' })) !== undefined,
    async newestOf(group) {
      const id = await store.newest('ec2-close-open-ingress', arnOf(group))
      const run = id === undefined ? undefined : await store.get(id)
      if (!run) throw new Error(`no run about group ${group}`)
      return run
    },
    stop() {
      for (const each of made) each.stop()
    },
  }
}

export function arnOf(group: number): string {
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${groupId(group)}`
}

export const findingAbout = (group: number): string => sshEvent(groupId(group))

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
