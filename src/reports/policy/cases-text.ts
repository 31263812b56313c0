import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import type { CaseDifference, CaseResult } from './case-result.ts'

/** A file of cases that were tried, as it is shown. */
export interface TriedFile {
  /** As the caller named it. */
  file: string
  policy: string
  cases: CaseResult[]
}

export interface Tried {
  ok: boolean
  passed: number
  failed: number
  files: TriedFile[]
}

/** Counts what was tried. */
export function triedOf(files: TriedFile[]): Tried {
  const all = files.flatMap(({ cases }) => cases)
  const passed = all.filter(({ ok }) => ok).length
  return { ok: passed === all.length, passed, failed: all.length - passed, files }
}

/** Each case on a line, and below it what was not as expected, with what decided. */
export function casesText({ files, passed, failed }: Tried, paint: Paint): string {
  const blocks = files.map(({ file, policy, cases }) =>
    [
      paint.faint(`${visible(file)}, of the policy ${visible(policy)}`),
      ...cases.flatMap((one) => caseLines(file, one, paint)),
    ].join('\n'),
  )
  const count = passed + failed
  const counted = `${count} ${count === 1 ? 'case' : 'cases'}: ${passed} as expected, ${failed} not`
  return [...blocks, failed > 0 ? paint.gone(counted) : paint.come(counted)].join('\n\n')
}

function caseLines(file: string, { name, line, ok, differences }: CaseResult, paint: Paint): string[] {
  if (ok) return [`${paint.come('ok')}    ${visible(name)}`]
  return [
    `${paint.gone('wrong')} ${paint.strong(visible(name))} ${paint.faint(`${visible(file)}:${line}`)}`,
    ...differenceLines(differences, paint).map((text) => `      ${text}`),
  ]
}

/** The same differences without colour, for reports. */
export function differenceLines(differences: readonly CaseDifference[], paint: Paint): string[] {
  const groups = Map.groupBy(differences, ({ playbook = 'any playbook' }) => playbook)
  return [...groups].flatMap(([playbook, own]) => {
    const rows = own.map(({ key, expected, got }) => [
      `  ${key === 'playbook' ? 'mode' : key}`,
      `expected ${paint.come(visible(expected))}`,
      `got ${paint.gone(visible(got))}`,
    ])
    const decided = [...new Set(own.flatMap(({ by }) => by ?? []))]
    return [playbook, ...columns(rows), ...decided.map((by) => `  by ${visible(by)}`)]
  })
}
