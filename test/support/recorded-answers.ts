import { services } from '../../playbooks/index.ts'
import type { RecordedRead } from '../../src/sandbox/twin/recorded-reads.ts'
import { CORPUS_FILES, corpusText } from './event-corpus.ts'

/** By what the looks of playbooks name a resource; what an answer says of itself comes before. */
const NAMES = {
  ...{
    Bucket: 'recorded',
    Name: 'recorded',
    TrailName: 'recorded',
    TableName: 'recorded',
    Scope: 'REGIONAL',
  },
  KeyId: '11111111-2222-4333-8444-555555555555',
  QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/recorded',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:recorded',
  DetectorId: '12abc34d567e8fa901bc2d34e56789f0',
}

/** Reads with what AWS itself answered, as the corpus has recorded it; none where there is no corpus. */
export const RECORDED: readonly (readonly [file: string, read: RecordedRead])[] = CORPUS_FILES.flatMap(
  (file) => {
    const [, service = '', operation = ''] = /^api\/(\w+)\.(\w+)-/.exec(file) ?? []
    if (file.startsWith('api/ERR') || !services.some(({ id }) => id === service)) return []
    const { data } = JSON.parse(corpusText(file), withDates) as { data: Record<string, unknown> }
    const { ResponseMetadata: _, ...answer } = data
    const place = { account: '123456789012', region: 'us-east-1', partition: 'aws' }
    return [[file, { service, operation, input: { ...NAMES, ...idsOf(answer) }, answer, ...place }]]
  },
)

/** botocore's recordings have dates as objects. */
function withDates(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('__class__' in value)) return value
  const { year, month, day } = value as unknown as Record<string, number>
  return new Date(Date.UTC(year!, month! - 1, day))
}

function idsOf(answer: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => /Id$/.test(name)))
}
