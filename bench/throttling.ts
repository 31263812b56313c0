import { Agent } from 'node:http'
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2'
import pLimit from 'p-limit'
import { services } from '../playbooks/index.ts'
import { clients } from '../src/aws/clients.ts'
import type { AwsProcess } from './aws-process.ts'
import { median } from './figures.ts'
import { groupId, REGION, type World } from './security-groups.ts'

export interface Throttling {
  who: string
  reads: number
  /** Seconds for the reads when nothing is throttled, and when one of them is, once; medians. */
  calm: number
  once: number
  /** Of a round with one throttle to the calm round beside it, median. */
  ratio: number
  /** Where EC2's token bucket is empty after half of the reads: calls sent and seconds, in those of a perfect client. */
  lastingCalls: number
  lastingSeconds: number
  /** Reads that were given up there. */
  failed: number
}

const READS = 200
const CONCURRENCY = 32
/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html: actions that only read. */
const BUCKET = { size: 100, perSecond: 20 }
const PERFECT_SECONDS = (READS - BUCKET.size) / BUCKET.perSecond

type Read = (group: string) => Promise<unknown>

/** As the product does it, and as the SDK would by itself; each time with new clients, as in a new process. */
const WHO: Record<string, (endpoint: string) => Read> = {
  rectify(endpoint) {
    const send = clients({ services, endpoint })
    return (group) =>
      send(REGION, { service: 'ec2', operation: 'DescribeSecurityGroups', input: byGroup(group) })
  },
  'SDK, standard': (endpoint) => bySdk(endpoint, 'standard'),
  'SDK, adaptive': (endpoint) => bySdk(endpoint, 'adaptive'),
}

function bySdk(endpoint: string, retryMode: string): Read {
  const requestHandler = { httpAgent: new Agent({ keepAlive: true, maxSockets: CONCURRENCY }) }
  const ec2 = new EC2Client({ endpoint, region: REGION, requestHandler, retryMode, maxAttempts: 4 })
  const inTurn = pLimit(CONCURRENCY)
  return (group) => inTurn(() => ec2.send(new DescribeSecurityGroupsCommand(byGroup(group))))
}

function byGroup(group: string) {
  return { Filters: [{ Name: 'group-id', Values: [group] }] }
}

/** What a throttle costs: 200 reads, 32 at a time. */
export async function throttling(aws: AwsProcess, rounds: number): Promise<Throttling[]> {
  const figures: Throttling[] = []
  for (const [who, connect] of Object.entries(WHO)) {
    const job = (throttle?: World['throttle']) => read(aws, connect(aws.endpoint), throttle)
    await job()
    const calm: number[] = []
    const once: number[] = []
    for (let round = 0; round < rounds; round++) {
      calm.push((await job()).seconds)
      once.push((await job({ call: 50 })).seconds)
    }
    const lasting = await job(BUCKET)
    figures.push({
      who,
      reads: READS,
      calm: median(calm),
      once: median(once),
      ratio: median(once.map((seconds, round) => seconds / calm[round]!)),
      lastingCalls: lasting.calls / READS,
      lastingSeconds: lasting.seconds / PERFECT_SECONDS,
      failed: lasting.failed,
    })
  }
  return figures
}

async function read(aws: AwsProcess, one: Read, throttle: World['throttle']) {
  await aws.reset({ groups: READS, delayMs: 0, ...(throttle && { throttle }) })
  const start = performance.now()
  const results = await Promise.allSettled(Array.from({ length: READS }, (_, number) => one(groupId(number))))
  const seconds = (performance.now() - start) / 1000
  const failed = results.filter(({ status }) => status === 'rejected').length
  return { seconds, failed, calls: (await aws.seen()).calls.length }
}
