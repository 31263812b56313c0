import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/findings/finding.ts'
import { readerOf } from '../../src/findings/sources/readers.ts'
import { securityHub } from '../../src/findings/sources/securityhub/securityhub.ts'
import { prowlerRows } from './expected/prowler.table.ts'
import { securityHubRows } from './expected/securityhub.table.ts'
import { bodiesOf, filesOf, hasCorpus, inRow, readWith } from './read-with.ts'

/** Without the corpus these tests do not exist. */
const whereCorpus: typeof describe = (hasCorpus ? describe : () => {}) as typeof describe

const first = (result: ReturnType<typeof readWith>) => (Array.isArray(result) ? result[0] : result)

const OCSF = 'scanner/prowler-5.46.0.ocsf.json'
const ASFF = 'scanner/prowler-5.46.0.asff.json'

function scan(file: string): Finding[] {
  return bodiesOf(file).flatMap((body) => {
    const result = readWith(body)
    if (!Array.isArray(result)) throw new Error(`not read: ${JSON.stringify(body.value)}`)
    return result
  })
}

test('the tables are whole: no two rows about one event, and each says where and what', () => {
  const rows = [...securityHubRows, ...prowlerRows]
  expect(new Set(rows.map(({ file, index }) => `${file}#${index}`)).size).toBe(rows.length)
  expect(rows.length).toBeGreaterThan(250)
  for (const { expect: expected } of rows) {
    if ('rejected' in expected) continue
    expect(expected.region).toMatch(/^[a-z]+-[a-z]+-\d$/)
    for (const [type, id] of expected.resources)
      expect([type, id]).toEqual([expect.stringMatching(/^AWS::/), id])
  }
})

whereCorpus('a real event of Security Hub or Prowler', () => {
  test.each([...securityHubRows, ...prowlerRows].map((row) => [`${row.file}#${row.index}`, row] as const))(
    '%s is read as a person reads it',
    (_, { file, index, expect: expected }) => {
      expect(inRow(first(readWith(bodiesOf(file)[index]!)))).toEqual(expected)
    },
  )
})

whereCorpus('one scan of Prowler, written in two forms', () => {
  const ocsf = hasCorpus ? scan(OCSF) : []
  const asff = hasCorpus ? scan(ASFF) : []

  test('gives the same findings, but for what was to be checked by hand, which ASFF leaves out', () => {
    const byId = (findings: Finding[]) => [...findings].sort((a, b) => a.id.localeCompare(b.id))
    expect([ocsf.length, asff.length]).toEqual([398, 391])
    expect(new Set(asff.map(({ id }) => id)).size).toBe(391)
    expect(byId(ocsf.filter(({ status }) => status !== 'notice'))).toEqual(byId(asff))
    expect(ocsf.filter(({ status }) => status === 'notice')).toHaveLength(7)
  })

  test('names for each failed check a resource that can be found again, or the account and why', () => {
    const failed = ocsf.filter(({ status }) => status === 'active')
    expect(failed).toHaveLength(296)
    const bodies = bodiesOf(OCSF).map(({ value }) => value as { resources: { uid: string }[] })
    const uids = new Map(ocsf.map(({ id }, index) => [id, bodies[index]!.resources[0]!.uid]))
    /** The check asks about the account, and there is no such resource yet. */
    const ABOUT_THE_ACCOUNT: [why: string, arn: RegExp][] = [
      ['the root user', /:root$/],
      ['nothing of that kind is switched on', /\/unknown$/],
      ['the settings of a service', /:[a-z]+(-[a-z]+)*$/],
    ]
    const unexplained = failed.filter(({ id, resources }) => {
      const [resource] = resources
      if (resource!.type === 'Other') return true
      return (
        resource!.type === 'AWS::::Account' && !ABOUT_THE_ACCOUNT.some(([, arn]) => arn.test(uids.get(id)!))
      )
    })
    expect(unexplained).toEqual([])
    const types = new Set(failed.flatMap(({ resources }) => resources.map(({ type }) => type)))
    expect(types.size).toBeGreaterThan(20)
    expect(failed.every(({ resources }) => resources.every(({ id }) => !id.includes('unknown')))).toBe(true)
  })
})

whereCorpus('a report that an event of EventBridge is put around', () => {
  const all = hasCorpus ? filesOf(/^(derived\/)?securityhub-/) : []
  const findingsOf = (file: string) =>
    bodiesOf(file).flatMap((body) => {
      expect({ file, reader: readerOf(body.value, body.told) }).toEqual({ file, reader: securityHub })
      const result = readWith(body)
      return Array.isArray(result) ? result : []
    })

  test('is the same finding', () => {
    const [derived, bare] = [true, false].map((is) =>
      all.filter((file) => file.startsWith('derived/') === is).flatMap(findingsOf),
    )
    // Whose copy it is, is all that the event adds.
    const alike = (each: Finding) => {
      const { account: _, region: __, ...origin } = each.origin ?? {}
      return JSON.stringify({ ...each, origin })
    }
    const known = new Set(bare!.map(alike))
    expect(derived!.length).toBeGreaterThan(140)
    expect(derived!.filter((each) => !known.has(alike(each)))).toEqual([])
  })
})

whereCorpus('a finding that is told twice', () => {
  const readFile = (file: string) => first(readWith(bodiesOf(file)[0]!)) as Finding

  test.each([
    ['a control', 'securityhub-asff-examples-sechub-pci.json', 'securityhub-ocsf-examples-sechub-pci.json'],
    [
      'GuardDuty',
      'securityhub-asff-examples-sechub-guardduty.json',
      'securityhub-ocsf-examples-sechub-guardduty.json',
    ],
    ['Inspector', 'securityhub-asff-examples-inspector.json', 'securityhub-ocsf-examples-inspector.json'],
  ])('of %s, is the same in ASFF and in OCSF', (_, asff, ocsf) => {
    expect({ ...readFile(ocsf), origin: readFile(asff).origin }).toEqual(readFile(asff))
    expect(readFile(ocsf).origin).toEqual({ ...readFile(asff).origin, form: 'ocsf' })
  })

  test('is one control with one resource under three standards, as three findings', () => {
    const numbers = ['control', 'control-3', 'control-4'].map(
      (name) => `securityhub-asff-aws-security-hub-user-guide-${name}.json`,
    )
    const found = numbers.map(readFile)
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['CloudTrail.2']))
    expect(new Set(found.map(({ id }) => id)).size).toBe(3)
    expect(new Set(found.map(({ resources }) => resources[0]!.id)).size).toBe(1)
  })
})
