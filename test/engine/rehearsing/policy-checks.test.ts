import { AccessCheckResourceType, ValidatePolicyResourceType } from '@aws-sdk/client-accessanalyzer'
import { describe, expect, test } from '@jest/globals'
import {
  PUBLIC_CHECKED_TYPES,
  publicAs,
  VALIDATED_TYPES,
  validatedAs,
} from '../../../src/engine/rehearsing/policy-checks.ts'
import { writtenPolicies } from '../../../src/engine/rehearsing/written-policies.ts'

const finding = (
  findingType: 'ERROR' | 'SECURITY_WARNING' | 'WARNING' | 'SUGGESTION',
  issueCode: string,
) => ({
  findingType,
  issueCode,
  findingDetails: `${issueCode} it is.`,
  learnMoreLink: 'https://docs.aws.amazon.com/',
  locations: [],
})

describe('the types that Access Analyzer knows', () => {
  test('are those of the SDK', () => {
    const sorted = (all: readonly string[]) => [...all].sort()
    expect(sorted(VALIDATED_TYPES)).toEqual(sorted(Object.values(ValidatePolicyResourceType)))
    expect(sorted(PUBLIC_CHECKED_TYPES)).toEqual(sorted(Object.values(AccessCheckResourceType)))
  })
})

describe('ValidatePolicy', () => {
  test('denies by an error, and names security warnings beside it', () => {
    const findings = [
      finding('SECURITY_WARNING', 'ALLOW_WITH_NOT_PRINCIPAL'),
      finding('ERROR', 'INVALID_ARN'),
    ]
    expect(validatedAs(findings)).toEqual({
      status: 'simulatedDenied',
      error: {
        name: 'ValidatePolicy',
        code: 'INVALID_ARN',
        message: 'INVALID_ARN: INVALID_ARN it is.; ALLOW_WITH_NOT_PRINCIPAL: ALLOW_WITH_NOT_PRINCIPAL it is.',
      },
    })
  })

  test('tells a security warning, and not what is a matter of style', () => {
    expect(validatedAs([finding('SECURITY_WARNING', 'A'), finding('SUGGESTION', 'B')])).toMatchObject({
      status: 'simulatedOk',
      why: 'A: A it is.',
    })
    expect(validatedAs([finding('WARNING', 'C')])).toEqual({ status: 'simulatedOk', knownBy: 'answer' })
  })
})

describe('CheckNoPublicAccess', () => {
  test('is a yes, a no with its reasons, or nothing that is known', () => {
    expect(publicAs({ result: 'PASS', message: 'none' })).toEqual({
      status: 'simulatedOk',
      knownBy: 'answer',
    })
    expect(
      publicAs({ result: 'FAIL', message: 'It does.', reasons: [{ description: 'Statement 0.' }] }),
    ).toEqual({
      status: 'simulatedDenied',
      error: { name: 'CheckNoPublicAccess', code: 'FAIL', message: 'It does.; Statement 0.' },
    })
    expect(publicAs({})).toMatchObject({ status: 'notCheckable' })
  })
})

describe('the policies that a call writes', () => {
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const resource = policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' })
  const identity = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })

  test.each([
    ['S3, KMS', { Bucket: 'b', Policy: resource }, [{ text: resource, kind: 'resource' }]],
    ['SNS', { AttributeName: 'Policy', AttributeValue: resource }, [{ text: resource, kind: 'resource' }]],
    ['SQS', { Attributes: { Policy: resource } }, [{ text: resource, kind: 'resource' }]],
    ['a role', { PolicyDocument: identity }, [{ text: identity, kind: 'identity' }]],
    ['SQS, none any more', { Attributes: { Policy: '' } }, []],
    ['what only looks like one', { Description: '{ "Statement" of the year', Tags: [{ Key: 'a' }] }, []],
    ['what is none', { Content: '{"Statement":"of the year"}' }, []],
  ])('%s', (_, input, written) => {
    expect(writtenPolicies(input)).toEqual(written)
  })
})
