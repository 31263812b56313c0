import { expect, test } from '@jest/globals'
import { CredentialsProblem } from '../../src/aws/errors.ts'
import { saysNothing } from '../../src/cli/rehearsing/losing-access.ts'
import { rehearsed } from '../support/sample-rehearsal.ts'

const LOST = new CredentialsProblem({ kind: 'final', code: 'ExpiredToken', action: 'logs:StartQuery' }, 'no.')
const TRAFFIC = { since: '', until: '', cuts: [], scannedBytes: 0 }

test.each([
  ['a run that was rehearsed', rehearsed({ traffic: TRAFFIC }), undefined, false],
  ['one that failed by itself', rehearsed({ outcome: 'failed' }), undefined, false],
  ['one that failed when nobody could be asked any more', rehearsed({ outcome: 'failed' }), LOST, true],
  ['one that had ended well before', rehearsed(), LOST, false],
  [
    'one of which flow logs were not asked, for it was interrupted',
    rehearsed({ traffic: { ...TRAFFIC, interrupted: true } }),
    undefined,
    true,
  ],
])('%s is made again when the rehearsal goes on, or not', (_, run, lost, isMadeAgain) => {
  expect(saysNothing(run, lost)).toBe(isMadeAgain)
})
