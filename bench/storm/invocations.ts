/** What an emulator of Lambda writes into the logs of a function about its invocations. */

export interface Invocations {
  count: number
  /** All together, ms. */
  ms: number
  memoryMb: number
  /** As CloudWatch counts what it takes in: 26 bytes more for each event. */
  logBytes: number
  /** Own metrics that were written, each by its name and the values of its dimensions. */
  metrics: string[]
}

const REPORT = /^REPORT RequestId: \S+\tDuration: ([\d.]+) ms\t.*Memory Size: (\d+) MB/
const BYTES_OF_AN_EVENT = 26

/** The invocations that these messages of a log group tell of. */
export function invocationsIn(messages: readonly string[]): Invocations {
  const all: Invocations = { count: 0, ms: 0, memoryMb: 0, logBytes: 0, metrics: [] }
  const metrics = new Set<string>()
  for (const message of messages) {
    all.logBytes += Buffer.byteLength(message) + BYTES_OF_AN_EVENT
    for (const metric of metricsIn(message)) metrics.add(metric)
    const [, ms, memoryMb] = REPORT.exec(message) ?? []
    if (ms === undefined) continue
    all.count++
    all.ms += Number(ms)
    all.memoryMb = Number(memoryMb)
  }
  return { ...all, metrics: [...metrics].sort() }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface Embedded {
  _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] }
  [name: string]: unknown
}

function metricsIn(message: string): string[] {
  if (!message.startsWith('{"_aws"')) return []
  const { _aws, ...values } = JSON.parse(message) as Embedded
  return _aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => [Name, ...names.map((name) => `${name}=${values[name]}`)].join(' ')),
    ),
  )
}
