import { expect, test } from '@jest/globals'
import { alsoSameWay, sameWay } from '../../src/cli/program/same-way.ts'

test('a command that is proposed is about the same runs, as the same caller', () => {
  expect(sameWay({ shared: {} })).toBe('')
  const shared = { state: "my run's", profile: 'ops', region: 'eu-central-1', json: true, policy: 'p.yaml' }
  expect(sameWay({ shared })).toBe(` --state 'my run'\\''s' --profile ops --region eu-central-1`)
})

test('each command in a message is completed, and nothing else', () => {
  const message = 'look at `rectify runs X` and `Y`; then `rectify sweep`'
  expect(alsoSameWay(message, { shared: { stack: 'prod' } })).toBe(
    'look at `rectify runs X --stack prod` and `Y`; then `rectify sweep --stack prod`',
  )
})
