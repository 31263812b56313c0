import { describe, expect, test } from '@jest/globals'
import { store } from './store-under-test.ts'

const BY_ALICE = { paused: true, by: 'alice', at: '2026-08-01T12:00:00.000Z', reason: 'incident' }
const SCOPES = ['all', 'playbook:close-ssh', 'account:111122223333']

/** Of pauses: of everything, of a playbook and of an account. */
export function keepsPauses(): void {
  describe('a pause', () => {
    test('is none of any scope until one is set', async () => {
      expect(await store.control()).toEqual({ paused: false })
      expect(await store.controls(SCOPES)).toEqual(new Map(SCOPES.map((scope) => [scope, { paused: false }])))
      expect(await store.controls([])).toEqual(new Map())
      expect(await store.allControls()).toEqual([])
    })

    test('is of one scope, and the last word stands', async () => {
      await store.setControlOf('playbook:close-ssh', { paused: true })
      await store.setControlOf('playbook:close-ssh', BY_ALICE)
      expect(await store.control()).toEqual({ paused: false })
      expect([...(await store.controls(SCOPES)).values()]).toEqual([
        { paused: false },
        BY_ALICE,
        { paused: false },
      ])
      expect(await store.controls(['playbook:close'])).toEqual(
        new Map([['playbook:close', { paused: false }]]),
      )
    })

    test('of everything is the kill switch', async () => {
      await store.setControl(BY_ALICE)
      expect(await store.controls(['all'])).toEqual(new Map([['all', BY_ALICE]]))
      await store.setControlOf('all', { paused: false, by: 'bob' })
      expect(await store.control()).toEqual({ paused: false, by: 'bob' })
    })

    test('is listed while it lasts', async () => {
      for (const scope of SCOPES) await store.setControlOf(scope, BY_ALICE)
      expect(await store.allControls()).toEqual(SCOPES.sort().map((scope) => ({ scope, control: BY_ALICE })))
      await store.setControl({ paused: false })
      await store.setControlOf('account:111122223333', { paused: false })
      expect(await store.allControls()).toEqual([{ scope: 'playbook:close-ssh', control: BY_ALICE }])
    })
  })
}
