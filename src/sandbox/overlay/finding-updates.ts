import { randomUUID } from 'node:crypto'
import { type Answer, jsonAnswer } from '../front/answer.ts'
import type { Forward } from '../front/front.ts'
import type { AwsRequest } from '../front/request.ts'
import { complaints } from '../shapes/check.ts'
import type { Answerer } from './answerer.ts'

interface Identified {
  Id: string
  ProductArn: string
}
interface Asked {
  Filters?: { Id?: { Value: string }[] }
  FindingIdentifiers?: Identified[]
  Workflow?: { Status?: string }
  Note?: { Text: string; UpdatedBy: string }
}

/** The emulator keeps findings, but knows neither filters nor updates of them. Updates leave `UpdatedAt` as it is. */
const getFindings: Answerer = async (request, control, forward) => {
  const asked = bodyOf(request)
  const refused = refusal('GetFindings', asked)
  if (refused) return refused
  const wanted = asked.Filters?.Id?.map(({ Value }) => Value)
  const { answer, findings } = await kept(request, forward)
  if (findings === undefined) return answer
  const Findings = findings
    .filter(({ Id }) => !wanted || wanted.includes(Id))
    .map((finding) => ({ ...finding, ...control.findingUpdates.get(keyOf(request, finding)) }))
  return jsonAnswer({ Findings })
}

const batchUpdateFindings: Answerer = async (request, control, forward) => {
  const { FindingIdentifiers = [], ...update } = bodyOf(request)
  const refused = refusal('BatchUpdateFindings', { FindingIdentifiers, ...update })
  if (refused) return refused
  const { answer, findings } = await kept(request, forward)
  if (findings === undefined) return answer
  const isKept = (one: Identified) =>
    findings.some(({ Id, ProductArn }) => Id === one.Id && ProductArn === one.ProductArn)
  for (const identifier of FindingIdentifiers.filter(isKept)) {
    const key = keyOf(request, identifier)
    const { Workflow, Note } = update
    control.findingUpdates.set(key, {
      ...control.findingUpdates.get(key),
      ...(Workflow && { Workflow }),
      ...(Note && { Note: { ...Note, UpdatedAt: new Date(control.now()).toISOString() } }),
    })
  }
  const unprocessed = FindingIdentifiers.filter((one) => !isKept(one))
  return jsonAnswer({
    ProcessedFindings: FindingIdentifiers.filter(isKept),
    UnprocessedFindings: unprocessed.map((FindingIdentifier) => ({
      FindingIdentifier,
      ErrorCode: 'FindingNotFound',
      ErrorMessage: 'there is no such finding',
    })),
  })
}

/** All findings of the account and region. */
async function kept(
  request: AwsRequest,
  forward: Forward,
): Promise<{ answer: Answer; findings?: Identified[] }> {
  const answer = await forward({ ...request, method: 'POST', path: '/findings', body: Buffer.from('{}') })
  if (answer.status !== 200) return { answer }
  return { answer, findings: (JSON.parse(answer.body.toString()) as { Findings: Identified[] }).Findings }
}

const bodyOf = ({ body }: AwsRequest): Asked => JSON.parse(body.toString() || '{}')

const keyOf = ({ account, region }: AwsRequest, { Id, ProductArn }: Identified): string =>
  JSON.stringify([account, region, ProductArn, Id])

/** By AWS's own model: the front itself reads no bodies of this protocol. */
function refusal(operation: string, input: object): Answer | undefined {
  const [first] = complaints('securityhub', operation, input)
  if (!first) return undefined
  const message = `${operation}: ${first.path} ${first.text}`
  const code = 'InvalidInputException'
  return jsonAnswer({ Code: code, Message: message }, 400, {
    'x-amzn-errortype': code,
    'x-amzn-requestid': randomUUID(),
  })
}

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html */
export const securityhub: Record<string, Answerer> = {
  GetFindings: getFindings,
  BatchUpdateFindings: batchUpdateFindings,
}
