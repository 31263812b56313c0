import { describe, expect, test } from '@jest/globals'
import { BadEvent } from '../../src/findings/bad-event.ts'
import type { Body } from '../../src/findings/envelopes.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { prowlerRows } from './expected/prowler.table.ts'
import type { ReportRow } from './expected/reports-table.ts'
import { securityHubRows } from './expected/securityhub.table.ts'
import { bodiesOf, hasCorpus, readWith } from './read-with.ts'

/** Every place in a document: the object or list that holds it, and its name in there. */
function placesOf(value: unknown): { holder: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesOf(holder[name])])
}

/** What takes the place of a field: nothing, or something of another type. */
const REPLACEMENTS = [undefined, null, 7, {}, [], 'X']

/** Calls back for each damage that can be done to one place of a document; the document is whole again after. */
function eachDamage(body: Body, look: (damage: string) => void): void {
  for (const { holder, name } of placesOf(body.value)) {
    const whole = holder[name]
    for (const instead of REPLACEMENTS) {
      if (instead === undefined && !Array.isArray(holder)) delete holder[name]
      else holder[name] = instead
      look(`${name} ← ${JSON.stringify(instead)}`)
      holder[name] = whole
    }
  }
}

/** The same document with its fields in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, reversed(inner)])
  return Object.fromEntries(entries.reverse())
}

const found = (body: Body): Finding[] => {
  const result = readWith(body)
  return Array.isArray(result) ? result : []
}

/** Why a damaged report is dangerous: it leads elsewhere, or to something that the whole one says to leave. */
function dangerOf(damage: string, whole: Finding[], damaged: Finding[]): string[] {
  const known = (pick: (finding: Finding) => string) => new Set(whole.map(pick))
  const accounts = known(({ account }) => account)
  const regions = known(({ region }) => region)
  const nothingToDo = whole.every(({ status }) => status !== 'active')
  return damaged
    .filter(({ status }) => status === 'active')
    .flatMap(({ account, region }) => [
      // A resource or an account that is called X is where the report says that it is.
      ...(accounts.has(account) || damage.endsWith('"X"') ? [] : [`${damage}: account ${account}`]),
      ...(regions.has(region) || damage.endsWith('"X"') ? [] : [`${damage}: region ${region}`]),
      ...(nothingToDo ? [`${damage}: became active`] : []),
    ])
}

/** Of whom a report is, in which form and state. */
function sortOf({ file, expect: expected }: ReportRow): string {
  const told = 'rejected' in expected ? 'rejected' : `${expected.source} ${expected.status}`
  return `${told} ${/ocsf|v2-eb/.test(file)}`
}

const notice: Body = {
  event: { path: '', value: {} },
  path: '',
  prefix: '',
  told: {},
  value: {
    account_id: '111122223333',
    region: 'eu-west-1',
    execution_start: 1_790_848_800,
    policy: { name: 'open-buckets', resource: 's3' },
    resources: [{ Name: 'data', Location: { LocationConstraint: 'eu-central-1' } }],
  },
}

test('a notice of Cloud Custodian that is damaged in one place leads nowhere else', () => {
  const whole = found(notice)
  expect(whole).toHaveLength(1)
  const dangers: string[] = []
  eachDamage(notice, (damage) => dangers.push(...dangerOf(damage, whole, found(notice))))
  // That is how S3 says us-east-1.
  expect(dangers).toEqual(['LocationConstraint ← null: region us-east-1'])
})

/** Without the corpus these tests do not exist. */
if (hasCorpus) {
  describe('a real report', () => {
    const rows = [...securityHubRows, ...prowlerRows]
    const bodies = rows.map(({ file, index }) => bodiesOf(file)[index]!)
    /** Two of each sort: hundreds of checks of one form can be damaged in the same ways only. */
    const some = [...Map.groupBy(bodies.keys(), (index) => sortOf(rows[index]!)).values()]
      .flatMap((indexes) => indexes.slice(0, 2))
      .map((index) => bodies[index]!)

    test('that is damaged in one place is read or refused, leads nowhere else, and never comes alive', () => {
      const dangers: string[] = []
      let damages = 0
      for (const body of some) {
        const whole = found(body)
        if (whole.length === 0) continue
        eachDamage(body, (damage) => {
          damages++
          dangers.push(...dangerOf(damage, whole, found(body)).map((each) => `${whole[0]!.id} ${each}`))
        })
      }
      expect(damages).toBeGreaterThan(10_000)
      expect(dangers).toEqual([])
    })

    test('says the same with its fields in another order', () => {
      for (const body of bodies) {
        const again = readWith({ ...body, value: reversed(body.value) as Body['value'] })
        if (again instanceof BadEvent) expect(readWith(body)).toBeInstanceOf(BadEvent)
        else expect(again).toEqual(found(body))
      }
    })
  })
}
