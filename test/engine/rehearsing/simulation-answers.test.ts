import { type EvaluationResult, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from '@jest/globals'
import { simulatedIn } from '../../../src/engine/rehearsing/simulation-answers.ts'

/** What the SDK reads from an answer as IAM writes it. */
async function read(...members: string[]): Promise<EvaluationResult[]> {
  const body = `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
<SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${members.join('')}</EvaluationResults></SimulatePrincipalPolicyResult>
<ResponseMetadata><RequestId>1cdb5b0a-4c15-11e5-b121-bd8c7EXAMPLE</RequestId></ResponseMetadata></SimulatePrincipalPolicyResponse>`
  const response = { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) }
  const client = new IAMClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { handle: async () => ({ response }) } as never,
  })
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: 'arn:aws:iam::1:role/r',
    ActionNames: [],
  })
  return (await client.send(command)).EvaluationResults ?? []
}

/** By the API reference of October 2026: what is on top sums up, and the resources have answers of their own. */
const summed = (own: string, more = '') => `<member>
<EvalActionName>sns:SetTopicAttributes</EvalActionName>
<EvalResourceName>arn:\${Partition}:sns:\${Region}:\${Account}:\${TopicName}</EvalResourceName>
<EvalDecision>implicitDeny</EvalDecision><MatchedStatements/><MissingContextValues/>${more}
<ResourceSpecificResults>${own}</ResourceSpecificResults></member>`

const ownAnswer = (resource: string, decision: string, more = '') =>
  `<member><EvalResourceName>${resource}</EvalResourceName><EvalResourceDecision>${decision}</EvalResourceDecision>${more}</member>`

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orders'
const OTHER = 'arn:aws:sns:eu-west-1:123456789012:other'

describe('an answer of the simulator', () => {
  test('is that of the resource, and not what all of them come to', async () => {
    const results = await read(summed(ownAnswer(TOPIC, 'allowed') + ownAnswer(OTHER, 'implicitDeny')))
    expect(simulatedIn(results, 'sns:SetTopicAttributes', TOPIC)).toEqual({
      decision: 'allowed',
      missingKeys: [],
      matched: [],
      boundaryAllows: true,
      organizationAllows: true,
    })
    expect(simulatedIn(results, 'SNS:settopicattributes', OTHER)?.decision).toBe('implicitDeny')
  })

  test('tells the layer, the policy that denies, and the conditions that nobody could tell', async () => {
    const matched =
      '<MatchedStatements><member><SourcePolicyId>role_rectify_own</SourcePolicyId><SourcePolicyType>role</SourcePolicyType><StartPosition><Line>1</Line><Column>3</Column></StartPosition></member></MatchedStatements>'
    const keys = '<MissingContextValues><member>aws:SourceIp</member></MissingContextValues>'
    const boundary =
      '<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>'
    const organization =
      '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail>'
    const own = ownAnswer(TOPIC, 'explicitDeny', matched + keys + boundary)
    expect(simulatedIn(await read(summed(own, organization)), 'sns:SetTopicAttributes', TOPIC)).toEqual({
      decision: 'explicitDeny',
      missingKeys: ['aws:SourceIp'],
      matched: ['inline policy role_rectify_own'],
      boundaryAllows: false,
      organizationAllows: false,
    })
  })

  test('of an action that knows no resource stands alone', async () => {
    const results = await read(
      `<member><EvalActionName>guardduty:CreateDetector</EvalActionName><EvalResourceName>arn:x</EvalResourceName><EvalDecision>allowed</EvalDecision></member>`,
    )
    expect(simulatedIn(results, 'guardduty:CreateDetector', '*')?.decision).toBe('allowed')
    expect(simulatedIn(results, 'guardduty:CreateDetector', TOPIC)).toBeUndefined()
  })

  test('that is not there is none', async () => {
    const results = await read(summed(ownAnswer(TOPIC, 'allowed')))
    expect(simulatedIn(results, 'sns:SetTopicAttributes', OTHER)).toBeUndefined()
    expect(simulatedIn(results, 'sns:Publish', TOPIC)).toBeUndefined()
  })
})
