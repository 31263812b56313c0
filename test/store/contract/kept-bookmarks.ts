import { describe, expect, test } from '@jest/globals'
import { store } from './store-under-test.ts'

export function keepsBookmarks(): void {
  describe('a bookmark', () => {
    test('is none until one is set, and each name has its own', async () => {
      expect(await store.bookmark('detectors')).toBeUndefined()
      await store.setBookmark('detectors', { at: { token: 'page 2', rules: ['a', 'b'] } })
      expect(await store.bookmark('detectors')).toEqual({ at: { token: 'page 2', rules: ['a', 'b'] } })
      expect(await store.bookmark('detectors 111122223333')).toBeUndefined()
    })

    test('is where it was put last', async () => {
      await store.setBookmark('detectors', { at: 1 })
      await store.setBookmark('detectors', { at: 2 })
      expect(await store.bookmark('detectors')).toEqual({ at: 2 })
    })
  })
}
