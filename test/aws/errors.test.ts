import { describe, expect, test } from '@jest/globals'
import { ec2 } from '../../playbooks/ec2/service.ts'
import { services } from '../../playbooks/index.ts'
import { CredentialsProblem, EndpointProblem, nameAwsError } from '../../src/aws/errors.ts'

const ACTION = 'ec2:RevokeSecurityGroupIngress'

/** An error as the SDK throws it when a service has answered. */
function said(name: string, status = 400, message = name) {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: status, requestId: 'r1' },
  })
}

/** An answer that the SDK could not parse. */
function unparsable(status: number, type: string) {
  const $response = { statusCode: status, headers: { 'content-type': type } }
  return Object.assign(new SyntaxError('Unexpected token'), {
    $response,
    $metadata: { httpStatusCode: status },
  })
}

describe('an AWS error is named by what it means to a run', () => {
  test.each([
    ['ec2', 'RequestLimitExceeded', 503, 'throttled'],
    ['ssm', 'ThrottlingException', 400, 'throttled'],
    ['s3', 'SlowDown', 503, 'throttled'],
    ['ec2', 'NobodyHasSeenThis', 429, 'throttled'],
    ['ec2', 'UnauthorizedOperation', 403, 'denied'],
    ['ssm', 'AccessDeniedException', 400, 'denied'],
    ['ec2', 'AuthFailure', 403, 'denied'],
    ['ec2', 'OperationNotPermitted', 400, 'denied'],
    ['ec2', 'InvalidGroup.NotFound', 400, 'gone'],
    ['ec2', 'InvalidSnapshot.NotFound', 400, 'gone'],
    ['ec2', 'InvalidInstanceID.NotFound', 400, 'gone'],
    ['ssm', 'InvalidInstanceId', 400, 'gone'],
    ['wafv2', 'WAFNonexistentItemException', 400, 'gone'],
    ['s3', 'NoSuchBucket', 404, 'gone'],
    ['ec2', 'InvalidPermission.NotFound', 400, 'alreadySo'],
    ['ec2', 'InvalidPermission.Duplicate', 400, 'alreadySo'],
    ['ec2', 'InvalidSecurityGroupRuleId.NotFound', 400, 'alreadySo'],
    ['wafv2', 'WAFOptimisticLockException', 400, 'conflict'],
    ['ec2', 'IncorrectState', 400, 'conflict'],
    ['ec2', 'InternalError', 500, 'retryable'],
    ['ec2', 'NobodyHasSeenThis', 503, 'retryable'],
    ['ssm', 'ValidationException', 400, 'final'],
    ['ec2', 'RulesPerSecurityGroupLimitExceeded', 400, 'final'],
    ['wafv2', 'WAFLimitsExceededException', 400, 'final'],
    ['ec2', 'InvalidGroupId.Malformed', 400, 'final'],
  ])('of %s: %s with status %i is %s', (service, code, status, kind) => {
    const own = services.find(({ id }) => id === service)?.errors
    expect(nameAwsError(said(code, status), ACTION, [], own)).toMatchObject({
      kind,
      code,
      action: ACTION,
      requestId: 'r1',
    })
  })

  test('a code of one service says nothing about another', () => {
    expect(nameAwsError(said('InvalidInstanceId'), ACTION).kind).toBe('final')
    const own = { gone: ['InvalidInstanceId'] }
    expect(nameAwsError(said('InvalidInstanceId'), ACTION, [], own).kind).toBe('gone')
  })

  test('a limit of IAM is a quota, not a throttle', () => {
    expect(nameAwsError(said('LimitExceededException', 409), 'iam:CreateRole').kind).toBe('final')
    expect(nameAwsError(said('LimitExceededException'), 'ssm:SendCommand').kind).toBe('throttled')
  })

  test.each([
    said('ExpiredToken', 403),
    said('InvalidClientTokenId', 403),
    said('UnrecognizedClientException'),
    said('SignatureDoesNotMatch', 403),
    said('AuthFailure', 401, 'AWS was not able to validate the provided access credentials'),
    Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    }),
  ])('%s is a problem of the credentials', (error) => {
    const named = nameAwsError(error, ACTION)
    expect(named).toBeInstanceOf(CredentialsProblem)
    expect(named).toMatchObject({ kind: 'final', inDoubt: false })
  })

  test.each([
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    }),
    Object.assign(new Error('getaddrinfo ENOTFOUND nope'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
    Object.assign(new Error('connect ETIMEDOUT'), {
      code: 'ETIMEDOUT',
      syscall: 'connect',
      name: 'TimeoutError',
    }),
    new Error('Region is missing'),
  ])('%s is a problem of the endpoint, and nothing was sent', (error) => {
    const named = nameAwsError(error, ACTION)
    expect(named).toBeInstanceOf(EndpointProblem)
    expect(named.inDoubt).toBe(false)
  })

  test.each([
    ['a reset', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' })],
    ['a timeout', Object.assign(new Error('request timed out'), { code: 'ETIMEDOUT', name: 'TimeoutError' })],
    ['an abort on the way', Object.assign(new Error('Request aborted'), { name: 'AbortError' })],
    ['a 5xx', said('InternalFailure', 500)],
    ['an answer that breaks off', unparsable(200, 'text/xml')],
    ['the page of a gateway', unparsable(502, 'text/html')],
  ])('%s leaves the call in doubt', (_what, error) => {
    expect(nameAwsError(error, ACTION)).toMatchObject({ kind: 'retryable', inDoubt: true })
  })

  test.each([
    [404, 'text/html; charset=utf-8', false],
    [500, 'text/html; charset=utf-8', true],
    [501, 'text/plain', false],
  ])(
    'a page for people with status %i says that the endpoint does not implement it',
    (status, type, doubt) => {
      const named = nameAwsError(unparsable(status, type), ACTION)
      expect(named).toMatchObject({ kind: 'final', code: 'NotImplemented', inDoubt: doubt })
      expect(named.message).toBe(`the endpoint does not implement ${ACTION} (status ${status})`)
    },
  )

  test('a request that could not be written was not sent', () => {
    expect(nameAwsError(new TypeError('not a list'), ACTION)).toMatchObject({ kind: 'final', inDoubt: false })
  })

  // The denied action and role are named.
  test('a denial names who was denied what, also when another permission is missing', () => {
    const arn = 'arn:aws:sts::123456789012:assumed-role/rectify/01TEST'
    const text = `You are not authorized to perform this operation. User: ${arn} is not authorized to perform: ec2:CreateTags on resource: *`
    const named = nameAwsError(
      said('UnauthorizedOperation', 403, text),
      'ec2:AuthorizeSecurityGroupIngress',
      [],
      ec2.errors,
    )
    expect(named).toMatchObject({ kind: 'denied', principal: arn, action: 'ec2:CreateTags' })
  })

  // The answer to the SDK's own retry says nothing about the attempt that was lost.
  test('any error after a lost attempt stays in doubt, and keeps its class', () => {
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    expect(nameAwsError(said('InvalidPermission.NotFound'), ACTION, [reset], ec2.errors)).toMatchObject({
      kind: 'alreadySo',
      inDoubt: true,
    })
    expect(nameAwsError(said('InvalidPermission.NotFound'), ACTION, [refused], ec2.errors).inDoubt).toBe(
      false,
    )
    expect(nameAwsError(refused, ACTION, [reset])).toBeInstanceOf(EndpointProblem)
    expect(nameAwsError(refused, ACTION, [reset]).inDoubt).toBe(true)
  })
})
