import { errorAnswer, jsonAnswer } from '../../front/answer.ts'
import type { AwsRequest } from '../../front/request.ts'
import type { Answerer } from '../answerer.ts'

interface Statement {
  Effect?: string
  Principal?: unknown
  Condition?: object
}

/** The statements of the policy that a check is about; undefined where it is no policy. */
function statementsIn({ body }: AwsRequest): Statement[] | undefined {
  try {
    const { policyDocument } = JSON.parse(body.toString()) as { policyDocument: string }
    const { Statement } = JSON.parse(policyDocument) as { Statement?: Statement | Statement[] }
    return Statement === undefined ? undefined : [Statement].flat()
  } catch {
    // What is no JSON is what the checks are to tell.
    return undefined
  }
}

/** A policy that is none is an error; of all that AWS warns of beyond that, nothing is known here. */
const validatePolicy: Answerer = (request) => {
  const finding = {
    findingType: 'ERROR',
    issueCode: 'MISSING_STATEMENT',
    findingDetails: 'Add a Statement element to the policy.',
    learnMoreLink: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-checks.html',
    locations: [],
  }
  return jsonAnswer({ findings: statementsIn(request) ? [] : [finding] })
}

/** Everybody is let in where a statement allows something to `*` and has no condition: any condition is taken for enough. */
const checkNoPublicAccess: Answerer = (request) => {
  const statements = statementsIn(request)
  if (!statements) return errorAnswer(request, 400, 'InvalidParameterException', 'The policy is not valid.')
  const reasons = statements.flatMap(({ Effect, Principal, Condition }, statementIndex) => {
    const isPublic = Effect === 'Allow' && !Condition && everybody(Principal)
    const description = `Public access granted in the following statement with index: ${statementIndex}.`
    return isPublic ? [{ description, statementIndex }] : []
  })
  const result = reasons.length > 0 ? 'FAIL' : 'PASS'
  const word = reasons.length > 0 ? 'grants' : 'does not grant'
  const message = `The resource policy ${word} public access for the given resource type.`
  return jsonAnswer({ result, message, reasons })
}

function everybody(principal: unknown): boolean {
  if (principal === '*') return true
  if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) return false
  return [principal.AWS].flat().includes('*')
}

/** No analyzer is there: the emulator does not know the service. */
export const accessAnalyzer: Record<string, Answerer> = {
  'GET /analyzer': () => jsonAnswer({ analyzers: [] }),
  ValidatePolicy: validatePolicy,
  CheckNoPublicAccess: checkNoPublicAccess,
}
