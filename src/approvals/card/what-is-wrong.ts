import { type Finding, SEVERITIES, type Severity } from '../../findings/finding.ts'
import { shortHash } from '../../playbook/plan.ts'
import { partOf } from '../../run/incident.ts'
import type { Run } from '../../run/run.ts'
import { type CardBlock, prose, smallLines } from './blocks.ts'
import { code, cutAt, escaped, shortened } from './escape.ts'
import { headlines } from './plan-lines.ts'

const SIGNS: Record<Severity, string> = {
  CRITICAL: '🔴',
  HIGH: '🟠',
  MEDIUM: '🟡',
  LOW: '🔵',
  INFORMATIONAL: '⚪',
}

/** The finding that weighs most; of several the first. */
export function worstFinding({ findings }: Pick<Run, 'findings'>): Finding | undefined {
  const weight = ({ severity }: Finding) => SEVERITIES.indexOf(severity)
  return findings.reduce<Finding | undefined>(
    (worst, finding) => (worst && weight(worst) >= weight(finding) ? worst : finding),
    undefined,
  )
}

/** `🟠 HIGH`, or that it is an undo. */
export function weightText(run: Run): string {
  if (run.undoOf !== undefined) return '↩️ Undo'
  const severity = worstFinding(run)?.severity
  return severity === undefined ? '⚪ Remediation' : `${SIGNS[severity] ?? '⚪'} ${severity}`
}

/** The resource, as a person calls it: by its name where it has one, and its id. */
export function resourceText({ name = '', target, resource }: Run, most = 110): string {
  const id = target.id.trim() || resource
  const called = name.trim()
  return shortened(called === '' || called === id ? id : `${called} (${id})`, most)
}

/** What is wrong, in one line. */
export function wrongText(run: Run, most = 300): string {
  const finding = worstFinding(run)
  const more = run.findings.length > 1 ? ` (and ${run.findings.length - 1} more)` : ''
  if (run.undoOf !== undefined) {
    const whose = run.expiry === true ? 'What it blocked ends now' : 'Puts back what was there before'
    return `Undo of run ${cutAt(run.undoOf, 40)}. ${whose}.`
  }
  const words = [finding?.title, finding?.type, run.reason, run.playbook].find((text) => text?.trim())
  return `${cutAt(saidOf(run, words ?? 'unknown'), most)}${more}`
}

/** What a title says of the resource, which stands in the header already: `AWS::… sg-1 is open` is `Open`. */
function saidOf({ target }: Run, title: string): string {
  const subject = `${target.id.trim()} is `
  const at = title.indexOf(subject)
  const rest = title.slice(at + subject.length)
  const isWhole = at === 0 || (at > 0 && /[\s/:]/.test(title[at - 1]!))
  return isWhole && rest.trim() !== '' ? `${rest.slice(0, 1).toUpperCase()}${rest.slice(1)}` : title
}

/** What is wrong, what would be changed, and where: below the header, which says with which resource. */
export function aboutBlocks(run: Run): CardBlock[] {
  const plan = headlines(run).map((line) => `\nPlan: ${line}`)
  return [
    prose({ text: wrongText(run), as: 'bold' }, ...plan),
    ...smallLines([placeText(run), ...partLines(run)]),
  ]
}

/** That it does not stand alone: of which incident it is part, and of how many resources one. */
export function partLines(run: Run, most = 150): string[] {
  const part = partOf(run)
  return part === undefined ? [] : [`Part of ${escaped(shortened(part, most))}`]
}

/** Where it is, and what would put it right. */
export function placeText({ account, region, playbook }: Run, most = 80): string {
  return [account, region, playbook]
    .filter(Boolean)
    .map((part) => escaped(shortened(part, most)))
    .join(' · ')
}

/** The hash as far as people see it. */
export const hashText = ({ plan }: Pick<Run, 'plan'>): string => (plan ? code(shortHash(plan.hash)) : 'none')
