import { describe, expect, test } from '@jest/globals'
import type { StoredExemption } from '../../../src/run/store.ts'
import { GROUP, FAR_OFF as NOW } from '../example-commits.ts'
import { store } from './store-under-test.ts'

const OTHER = `${GROUP}0`
const AT = new Date(NOW).toISOString()
const ENDED = { by: 'bob', at: new Date(NOW + 1).toISOString(), reason: 'mended' }
const anExemption = (id: string, more: Partial<StoredExemption> = {}): StoredExemption => ({
  id,
  resource: GROUP,
  owner: 'team-a',
  reason: 'migration until May',
  until: new Date(NOW + 5).toISOString(),
  by: 'alice',
  at: AT,
  origin: 'command',
  ...more,
})

/** Of exemptions: what is said to be left alone is, until it ends or runs out. */
export function keepsExemptions(): void {
  describe('an exemption', () => {
    test('is found by any spelling of its resource, as it was put', async () => {
      const [one, two] = [anExemption('1'), anExemption('2', { resource: 'sg-1', playbook: 'close-ssh' })]
      const other = anExemption('3', { resource: OTHER })
      for (const each of [two, one, other]) await store.putExemption(each)
      expect(await store.exemptionsOf([GROUP, 'sg-1', 'sg-1', 'sg-2'], NOW)).toEqual([one, two])
      expect(await store.exemptionsOf(['sg-2'], NOW)).toEqual([])
      expect(await store.exemptionsOf([], NOW)).toEqual([])
      expect(await store.exemptions()).toEqual([one, two, other])
    })

    test('holds until it runs out, and is listed after that', async () => {
      await store.putExemption(anExemption('1'))
      expect(await store.exemptionsOf([GROUP], NOW + 4)).toHaveLength(1)
      expect(await store.exemptionsOf([GROUP], NOW + 5)).toEqual([])
      // The next one may clear away what has run out where it is looked for.
      const next = anExemption('2', {
        at: new Date(NOW + 5).toISOString(),
        until: '2095-01-01T00:00:00.000Z',
      })
      await store.putExemption(next)
      expect(await store.exemptionsOf([GROUP], NOW + 5)).toEqual([next])
      expect(await store.exemptions()).toEqual([anExemption('1'), next])
    })

    test('ends once, the others of the resource stay, and it is listed with its end', async () => {
      await store.putExemption(anExemption('1'))
      await store.putExemption(anExemption('2'))
      expect(await store.endExemption('1', ENDED)).toBe('ended')
      expect(await store.endExemption('1', { ...ENDED, by: 'carol' })).toBe('alreadyEnded')
      expect(await store.endExemption('3', ENDED)).toBe('unknown')
      expect(await store.exemptionsOf([GROUP], NOW)).toEqual([anExemption('2')])
      expect(await store.exemptions()).toEqual([anExemption('1', { ended: ENDED }), anExemption('2')])
      expect(await store.endExemption('2', { by: 'bob', at: AT })).toBe('ended')
      expect(await store.exemptionsOf([GROUP], NOW)).toEqual([])
    })

    test('that the engine gives by itself is the first that it gave, whenever it gives it again', async () => {
      const first = anExemption('1', { origin: 'attempts', playbook: 'close-ssh' })
      const later = { at: ENDED.at, until: '2095-01-01T00:00:00.000Z', reason: 'went wrong otherwise' }
      await store.putExemption(first)
      await store.putExemption({ ...first, ...later })
      expect(await store.exemptions()).toEqual([first])
      const other = { ...first, playbook: 'another' }
      await expect(store.putExemption(other)).rejects.toThrow('exemption 1 is another one already')
      await store.endExemption('1', ENDED)
      await store.putExemption({ ...first, ...later })
      expect(await store.exemptions()).toEqual([{ ...first, ended: ENDED }])
    })

    test('is ended by one of all who end it at once', async () => {
      await store.putExemption(anExemption('1'))
      const who = ['bob', 'carol', 'dan', 'eve']
      const answers = await Promise.all(who.map((by) => store.endExemption('1', { ...ENDED, by })))
      expect(answers.sort()).toEqual(['alreadyEnded', 'alreadyEnded', 'alreadyEnded', 'ended'])
    })

    test('put again changes nothing, also after its end', async () => {
      await store.putExemption(anExemption('1'))
      await store.putExemption(anExemption('1'))
      expect(await store.exemptions()).toHaveLength(1)
      await store.endExemption('1', ENDED)
      await store.putExemption(anExemption('1'))
      expect(await store.exemptionsOf([GROUP], NOW)).toEqual([])
      expect(await store.exemptions()).toEqual([anExemption('1', { ended: ENDED })])
    })

    test.each([
      ['another one under its id', anExemption('1', { resource: OTHER })],
      ['a longer one under its id', anExemption('1', { until: '2095-01-01T00:00:00.000Z' })],
      ['one whose end is no time', anExemption('2', { until: 'next May' })],
      ['one of nothing', anExemption('2', { resource: '' })],
    ])('is not put as %s: the caller’s mistake', async (_, wrong) => {
      await store.putExemption(anExemption('1'))
      await expect(store.putExemption(wrong)).rejects.toMatchObject({ kind: 'misuse' })
      expect(await store.exemptions()).toEqual([anExemption('1')])
      expect(await store.exemptionsOf([GROUP, OTHER], NOW)).toEqual([anExemption('1')])
    })

    test('is kept beside all that are put at once, and each is there by itself', async () => {
      const all = Array.from({ length: 4 }, (_, n) =>
        anExemption(`${n}`, { reason: `because ${n} `.repeat(99) }),
      )
      await Promise.all(all.map((each) => store.putExemption(each)))
      expect(await store.exemptionsOf([GROUP], NOW)).toEqual(all)
      const [read] = await store.exemptionsOf([GROUP], NOW)
      read!.ended = ENDED
      expect(await store.exemptionsOf([GROUP], NOW)).toEqual(all)
    })
  })
}
