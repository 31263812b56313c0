import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { SOURCE_NAMES } from '../../src/findings/sources/source-names.ts'
import { wildcard } from '../../src/playbook/matchers.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'

const NotAnswered = z.record(
  z.enum(['config', 'trustedadvisor', 'securityhub', 'guardduty', 'prowler']),
  z.array(z.strictObject({ why: z.string().min(20), ids: z.array(z.string()).min(1) })),
)
type Covered = keyof z.infer<typeof NotAnswered>

/** A finding, and the playbooks that answer it, or why none does. */
export interface CoverageRow {
  source: Covered
  type: string
  playbooks: string[]
  why?: string
}

/**
 * What becomes of each finding that a playbook answers or `playbooks/not-answered.yaml` gives a reason for.
 * @throws Error where a reason is given for what a playbook answers, or twice
 */
export function coverage(playbooks: readonly AnyPlaybook[]): CoverageRow[] {
  const file = new URL('../../playbooks/not-answered.yaml', import.meta.url)
  const given = NotAnswered.parse(parse(readFileSync(file, 'utf8')))
  return (Object.keys(given) as Covered[]).flatMap((source) => {
    const answered = answeredOf(playbooks, source)
    const reasons = given[source].flatMap(({ why, ids }) => ids.map((type) => ({ type, why })))
    const stale = reasons.filter(({ type }) => answering(playbooks, source, type).length > 0)
    const twice = reasons.filter(({ type }, index) => reasons.findIndex((each) => each.type === type) < index)
    for (const { type } of [...stale, ...twice])
      throw new Error(`playbooks/not-answered.yaml: ${source} ${type} is answered, or listed twice`)
    const rows: CoverageRow[] = [
      ...answered.map((type) => ({ source, type, playbooks: answering(playbooks, source, type) })),
      ...reasons.map(({ type, why }) => ({ source, type, playbooks: [], why })),
    ]
    return rows.toSorted((a, b) => (a.type < b.type ? -1 : 1))
  })
}

function answeredOf(playbooks: readonly AnyPlaybook[], source: Covered): string[] {
  const types = playbooks.flatMap(({ answers }) =>
    answers.filter((each) => each.source === source).flatMap((each) => each.types),
  )
  return [...new Set(types)]
}

function answering(playbooks: readonly AnyPlaybook[], source: Covered, type: string): string[] {
  return playbooks
    .filter(({ answers }) =>
      answers.some(
        (each) =>
          each.source === source && each.types.some((known) => known === type || wildcard(known, type)),
      ),
    )
    .map(({ id }) => id)
}

/** `docs/coverage.md` */
export function coveragePage(playbooks: readonly AnyPlaybook[]): string {
  const rows = coverage(playbooks)
  const kinds = new Map(playbooks.map(({ id, kind }) => [id, kind]))
  const sections = Object.entries(Object.groupBy(rows, ({ source }) => source)).map(([source, own = []]) => {
    const done = own.filter((row) => row.playbooks.length > 0).length
    const lines = own.map(
      ({ type, playbooks: ids, why }) =>
        `| \`${type}\` | ${ids.map((id) => `[${id}](playbooks/${id}.md)${kinds.get(id) === 'advice' ? ' (advice)' : ''}`).join(', ')}${why ?? ''} |`,
    )
    const head = `## ${SOURCE_NAMES[source as Covered]}\n\n${done} of ${own.length} are answered.`
    return [head, ['| finding | playbook, or why none |', '|---|---|', ...lines].join('\n')].join('\n\n')
  })
  return `<!-- Written by \`npm run generate\` from the playbooks and playbooks/not-answered.yaml. -->

# What is answered

For each rule of AWS Config, check of Trusted Advisor, control of Security Hub, policy finding of GuardDuty and check of
Prowler that is asked about most: the playbook that answers it, or why none does. A finding that is not listed is read as
well; \`rectify triage\` says what becomes of it.

${sections.join('\n\n')}
`
}
