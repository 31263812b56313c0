import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { playbooks } from '../playbooks/index.ts'
import { parseText } from '../src/findings/read.ts'
import { jobMessage } from '../src/queue/messages.ts'
import type { AwsProcess } from './aws-process.ts'
import { sshEvent } from './events.ts'
import { median } from './figures.ts'
import { ACCOUNT, groupId, REGION } from './security-groups.ts'

export interface ColdStart {
  n: number
  /** ms from the start of the process, median and longest: to the loaded bundle, to the handled event. */
  loaded: { p50: number; max: number }
  handled: { p50: number; max: number }
  /** ms of processor time until then: hardly moved by what else the machine does. */
  cpu: { p50: number; max: number }
}

const PLAYBOOK = 'ec2-close-open-ingress'
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

/**
 * A new process each round loads the bundled runner and carries its first message to the end: a group that is open to
 * the world is read, closed and read again, each time as an assumed role.
 * @param folder of the bundle, see `runner-bundle.ts`; gets a policy that lets the change be made
 */
export async function coldStart(aws: AwsProcess, folder: string, rounds: number): Promise<ColdStart> {
  await writeFile(join(folder, 'rectify.yaml'), 'version: 1\nrules:\n  - mode: auto\n')
  const body = jobText()
  const attributes = { MessageGroupId: 'bench' }
  const event = { Records: [{ messageId: 'bench', body, eventSource: 'aws:sqs', attributes }] }
  return coldStarts(rounds, async () => {
    await aws.reset({ groups: 1, delayMs: 0 })
    const handled = await firstEvent(folder, environment('runner', folder, aws.endpoint), event)
    const { batchItemFailures } = handled.answer as { batchItemFailures: unknown[] }
    const { openRules } = await aws.seen()
    if (batchItemFailures.length > 0 || openRules > 0)
      throw new Error(`the first message was not handled: ${openRules} open rules are left`)
    return handled
  })
}

export interface Handled {
  loadedMs: number
  handledMs: number
  cpuMs: number
  answer: unknown
}

/** Starts so often and once more: the first one is not counted, it reads the bundle from the disk. */
export async function coldStarts(rounds: number, start: () => Promise<Handled>): Promise<ColdStart> {
  const times: Handled[] = []
  for (let round = 0; round <= rounds; round++) {
    const handled = await start()
    if (round > 0) times.push(handled)
  }
  return {
    n: times.length,
    loaded: extent(times.map(({ loadedMs }) => loadedMs)),
    handled: extent(times.map(({ handledMs }) => handledMs)),
    cpu: extent(times.map(({ cpuMs }) => cpuMs)),
  }
}

/** A new process loads the bundle and handles one event. */
export async function firstEvent(folder: string, env: NodeJS.ProcessEnv, event: object): Promise<Handled> {
  const child = fork(
    new URL('cold-start-process.mjs', import.meta.url),
    [join(folder, 'function.mjs'), JSON.stringify(event)],
    { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const ended = once(child, 'exit')
  const [handled] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the process ended before it had handled its event')
    }),
  ])) as [Handled]
  await ended
  return handled
}

/** The message that the intake makes of a finding about an open group. */
export function jobText(): string {
  const id = groupId(0)
  const resource = arn('ec2', `security-group/${id}`)
  const { findings } = parseText(sshEvent(id), 'bench')
  const playbook = playbooks.find((one) => one.id === PLAYBOOK)!
  return JSON.stringify(jobMessage({ playbook, target: { resource, id, key: resource }, findings }))
}

/** As CloudFormation names the table of a stack. */
const TABLE = 'bench-RunsTable-1A2B3C4D5E6F'

/** As the template and Lambda set it for a part of the bundle; nothing of this process's own. */
export function environment(part: string, folder: string, endpoint: string): NodeJS.ProcessEnv {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench',
    AWS_ENDPOINT_URL: endpoint,
    AWS_LAMBDA_FUNCTION_NAME: 'RunnerFunction',
    LAMBDA_TASK_ROOT: folder,
    POWERTOOLS_SERVICE_NAME: 'rectify',
    RECTIFY_FUNCTION: part,
    RECTIFY_TABLE: TABLE,
    RECTIFY_RUNS_QUEUE_URL: `${endpoint}/${ACCOUNT}/runs.fifo`,
    RECTIFY_RUNS_QUEUE_ARN: arn('sqs', 'runs.fifo'),
    RECTIFY_INTAKE_DLQ_URL: `${endpoint}/${ACCOUNT}/intake-dlq`,
    RECTIFY_SCHEDULE_GROUP: 'bench',
    RECTIFY_SCHEDULE_ROLE_ARN: role('schedule'),
    RECTIFY_TIMERS_DLQ_ARN: arn('sqs', 'timers'),
    RECTIFY_TOPIC_ARN: arn('sns', 'bench'),
    RECTIFY_READ_ROLE_ARN: role('read'),
    RECTIFY_CHANGE_ROLE_ARN: role('change'),
  }
}

function extent(samples: readonly number[]): { p50: number; max: number } {
  return { p50: Math.round(median(samples)), max: Math.round(Math.max(...samples)) }
}
