import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { frozenBy } from '../../src/policy/freezes/freeze.ts'
import type { Freeze, Weekday, WeeklyFreeze } from '../../src/policy/rules.ts'
import { policyOf } from './fake-playbooks.ts'

const MINUTE = 60_000
const DAY = 1_440

const policyWith = (...freezes: string[]) =>
  policyOf(`version: 1\nfreezes:\n${freezes.map((each) => `  - { ${each} }\n`).join('')}`)

const at = (policy: ReturnType<typeof policyWith>, time: string, severity: 'LOW' | 'CRITICAL' = 'LOW') => {
  const found = frozenBy(policy, { severity }, Date.parse(time))
  return found && `${found.name} until ${new Date(found.until).toISOString()}`
}

describe('a freeze', () => {
  test('holds from its first moment to right before its end', () => {
    const policy = policyWith('name: x, from: 2026-12-24T00:00, to: 2026-12-27T00:00, zone: Europe/Berlin')
    expect(at(policy, '2026-12-23T22:59:59.999Z')).toBeUndefined()
    expect(at(policy, '2026-12-23T23:00:00Z')).toBe('x until 2026-12-26T23:00:00.000Z')
    expect(at(policy, '2026-12-26T22:59:59.999Z')).toBe('x until 2026-12-26T23:00:00.000Z')
    expect(at(policy, '2026-12-26T23:00:00Z')).toBeUndefined()
  })

  test('over midnight is that of the day on which it begins', () => {
    const policy = policyWith('name: nights, weekly: "Mon-Fri 18:00-08:00", zone: Asia/Tokyo')
    expect(at(policy, '2026-11-30T08:59:59Z')).toBeUndefined()
    expect(at(policy, '2026-11-30T09:00:00Z')).toBe('nights until 2026-11-30T23:00:00.000Z')
    // Saturday morning, and Monday morning.
    expect(at(policy, '2026-12-04T22:59:00Z')).toBe('nights until 2026-12-04T23:00:00.000Z')
    expect(at(policy, '2026-12-06T22:59:00Z')).toBeUndefined()
  })

  test('makes its exceptions by severity', () => {
    const policy = policyWith(
      'name: x, weekly: "Mon-Sun 00:00-12:00", zone: UTC, except: { severity: { atLeast: CRITICAL } }',
    )
    expect(at(policy, '2026-11-30T01:00:00Z')).toBe('x until 2026-11-30T12:00:00.000Z')
    expect(at(policy, '2026-11-30T01:00:00Z', 'CRITICAL')).toBeUndefined()
  })

  test('ends with the last of those that follow without a gap, of those that hold this run', () => {
    const policy = policyWith(
      'name: nights, weekly: "Mon-Fri 18:00-24:00", zone: UTC',
      'name: mornings, weekly: "Tue 00:00-06:00", zone: UTC, except: { severity: CRITICAL }',
      'name: later, from: 2026-12-01T06:00, to: 2026-12-01T07:00, zone: UTC',
    )
    expect(at(policy, '2026-11-30T18:00:00Z')).toBe('nights until 2026-12-01T07:00:00.000Z')
    expect(at(policy, '2026-11-30T18:00:00Z', 'CRITICAL')).toBe('nights until 2026-12-01T00:00:00.000Z')
  })

  test('without an end is held for a year and asked again', () => {
    const policy = policyWith('name: x, weekly: "Mon-Sun 00:00-24:00", zone: UTC')
    expect(at(policy, '2026-11-30T18:00:00Z')).toBe('x until 2027-12-02T00:00:00.000Z')
  })

  test('by a calendar is not answered here', () => {
    expect(at(policyWith('calendar: change-freeze'), '2026-11-30T18:00:00Z')).toBeUndefined()
  })

  test('where the clock is put back in the middle stays, and where it skips all of it there is none', () => {
    const policy = policyWith('name: x, weekly: "Sun 01:00-02:30", zone: Europe/Berlin')
    // 25 October 2026: 03:00 is 02:00 again, at 01:00 UTC.
    expect(at(policy, '2026-10-24T23:00:00Z')).toBe('x until 2026-10-25T01:30:00.000Z')
    expect(at(policy, '2026-10-25T00:45:00Z')).toBe('x until 2026-10-25T01:30:00.000Z')
    const skipped = policyWith('name: x, weekly: "Sun 02:10-02:40", zone: Europe/Berlin')
    expect(at(skipped, '2026-03-29T01:00:00Z')).toBeUndefined()
    expect(at(skipped, '2026-03-22T01:10:00Z')).toBe('x until 2026-03-22T01:40:00.000Z')
  })
})

/** What the clock shows, and the day of the week, by another way than the code's. */
function shown(clock: Intl.DateTimeFormat, utc: number) {
  const text = clock.format(utc)
  const [, hours = '0', minutes = '0'] = /(\d\d):(\d\d)/.exec(text) ?? []
  const midnight = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
  const weekday = ((new Date(midnight).getUTCDay() + 6) % 7) + 1
  const day = midnight / (DAY * MINUTE)
  return { day, minutes: Number(hours) * 60 + Number(minutes), weekday }
}

const clocks = new Map<string, ReturnType<typeof shown>[]>()

/** What the clock of a zone shows, minute by minute. */
function clockOf(zone: string, start: number, count: number): ReturnType<typeof shown>[] {
  const key = `${zone} ${start}`
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const known =
    clocks.get(key) ?? Array.from({ length: count }, (_, minute) => shown(clock, start + minute * MINUTE))
  clocks.set(key, known)
  return known
}

/** Minute by minute: all between the first and the last of the minutes at which the clock shows a time of a window. */
function frozenMinutes(freezes: readonly WeeklyFreeze[], start: number, count: number): Set<number> {
  const frozen = new Set<number>()
  for (const { windows, zone } of freezes) {
    const clock = clockOf(zone, start, count)
    for (const { days, from, to } of windows) {
      const occurrences = new Map<number, [number, number]>()
      for (const [minute, { day, minutes, weekday }] of clock.entries()) {
        const isSameDay = days.includes(weekday as Weekday) && minutes >= from && (to <= from || minutes < to)
        const dayBefore = weekday === 1 ? 7 : weekday - 1
        const isNextDay = to <= from && minutes < to && days.includes(dayBefore as Weekday)
        if (isSameDay) occurrences.set(day, [occurrences.get(day)?.[0] ?? minute, minute])
        if (isNextDay) occurrences.set(day - 1, [occurrences.get(day - 1)?.[0] ?? minute, minute])
      }
      for (const [first, last] of occurrences.values()) {
        for (let minute = first; minute <= last; minute++) frozen.add(minute)
      }
    }
  }
  return frozen
}

describe('weekly freezes are what a clock on the wall says, minute by minute', () => {
  // Around a change of the clock in each: by an hour, by half an hour, at midnight, in the south, none.
  const places = fc.constantFrom<[string, string]>(
    ['Europe/Berlin', '2026-10-25'],
    ['Europe/Berlin', '2027-03-28'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2027-04-04'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['America/Santiago', '2026-09-06'],
    ['America/Havana', '2026-11-01'],
    ['Pacific/Apia', '2011-12-30'],
    ['Asia/Kathmandu', '2026-11-30'],
    ['UTC', '2026-12-31'],
  )
  // Clocks are put at night.
  const minute = fc.oneof(
    fc.nat(DAY - 1),
    fc.nat(47).map((half) => half * 30),
    fc.nat(7).map((half) => half * 30),
  )
  const window = fc
    .record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }) as fc.Arbitrary<Weekday>, { minLength: 1 }),
      from: minute,
      to: fc.oneof(minute, fc.constant(DAY)),
    })
    .filter(({ from, to }) => from !== to)
  const freezes = fc
    .tuple(places, fc.array(fc.array(window, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }))
    .map(([[zone, day], lists]) => ({
      day,
      list: lists.map(
        (windows, line): WeeklyFreeze => ({ kind: 'weekly', name: `f${line}`, windows, zone, line }),
      ),
    }))

  test('whether, and until when', () => {
    fc.assert(
      fc.property(freezes, fc.nat(2 * DAY), fc.nat(MINUTE - 1), ({ day, list }, minute, ms) => {
        // Two days before and four after the day of the change; the ends of what is counted are not asked about.
        const start = Date.parse(`${day}T00:00Z`) - 2 * DAY * MINUTE
        const frozen = frozenMinutes(list, start, 6 * DAY)
        const asked = DAY + minute
        const empty = policyOf('version: 1')
        const policy = { ...empty, policy: { ...empty.policy, freezes: list as Freeze[] } }
        const found = frozenBy(policy, { severity: 'LOW' }, start + asked * MINUTE + ms)
        expect(found !== undefined).toBe(frozen.has(asked))
        if (found === undefined) return
        let end = asked
        while (frozen.has(end)) end++
        if (end < 5 * DAY) expect(new Date(found.until)).toEqual(new Date(start + end * MINUTE))
        else expect(found.until).toBeGreaterThanOrEqual(start + 5 * DAY * MINUTE)
      }),
      { numRuns: 120 },
    )
  })
})
