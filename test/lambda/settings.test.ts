import { expect, test } from '@jest/globals'
import { roleFor, settingsFrom } from '../../src/lambda/settings/settings.ts'

const role = (name: string) => `arn:aws-us-gov:iam::123456789012:role/${name}`
const environment = {
  RECTIFY_TABLE: 'runs',
  RECTIFY_RUNS_QUEUE_URL: 'url',
  RECTIFY_RUNS_QUEUE_ARN: 'arn',
  RECTIFY_INTAKE_DLQ_URL: 'url',
  RECTIFY_SCHEDULE_GROUP: 'group',
  RECTIFY_SCHEDULE_ROLE_ARN: role('schedule'),
  RECTIFY_TIMERS_DLQ_ARN: 'arn',
  RECTIFY_TOPIC_ARN: 'arn',
  RECTIFY_READ_ROLE_ARN: role('read'),
  RECTIFY_CHANGE_ROLE_ARN: role('change'),
  RECTIFY_MEMBER_READ_ROLE: 'RectifyRead',
  RECTIFY_MEMBER_CHANGE_ROLE: 'RectifyChange',
}

test('member accounts come without anything between them, and their roles are of the own partition', () => {
  const members = ['012345678901', '210987654321', '111122223333']
  const settings = settingsFrom({ ...environment, RECTIFY_MEMBER_ACCOUNTS: members.join('') }, '/var/task')
  expect(settings.members.accounts).toEqual(members)
  expect(roleFor(settings, '210987654321', 'change')).toBe(
    'arn:aws-us-gov:iam::210987654321:role/RectifyChange',
  )
  expect(roleFor(settings, '123456789012', 'read')).toBe(role('read'))
  // Twelve digits that only stand there by chance.
  expect(roleFor(settings, '123456789010', 'read')).toBeUndefined()
})

test('without members there are none', () => {
  expect(settingsFrom({ ...environment, RECTIFY_MEMBER_ACCOUNTS: '' }, '/').members.accounts).toEqual([])
  expect(settingsFrom(environment, '/').members.accounts).toEqual([])
})

test('the detectors are asked where the sweeper is told so, and by no other function', () => {
  const told = { ...environment, AWS_REGION: 'us-gov-west-1', RECTIFY_ASK_DETECTORS: 'daily' }
  expect(settingsFrom(told, '/')).toMatchObject({ asksDetectors: true, region: 'us-gov-west-1' })
  expect(settingsFrom({ ...told, RECTIFY_ASK_DETECTORS: 'never' }, '/').asksDetectors).toBe(false)
  expect(settingsFrom(environment, '/').asksDetectors).toBe(false)
})

test('the policy lies beside the bundle, or in a bucket of the account of the stack', () => {
  expect(
    settingsFrom({ ...environment, RECTIFY_POLICY_BUCKET: '', RECTIFY_POLICY_KEY: 'rectify.yaml' }, '/'),
  ).not.toHaveProperty('policyPlace')
  const inS3 = { ...environment, RECTIFY_POLICY_BUCKET: 'policies', RECTIFY_POLICY_KEY: 'prod/rectify.yaml' }
  expect(settingsFrom(inS3, '/').policyPlace).toEqual({
    bucket: 'policies',
    key: 'prod/rectify.yaml',
    owner: '123456789012',
  })
  expect(() => settingsFrom({ ...inS3, RECTIFY_READ_ROLE_ARN: 'read' }, '/')).toThrow('names no account')
  expect(() => settingsFrom({ ...inS3, RECTIFY_POLICY_KEY: '' }, '/')).toThrow(
    'RECTIFY_POLICY_KEY is not set',
  )
})
