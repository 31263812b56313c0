import type { ExplainedRail, ExplainedRule } from '../../policy/conditions/explain-decision.ts'
import { type Paint, visible } from '../paint.ts'
import { leftoversText } from '../triage/triage-text.ts'
import type { Explained, ExplainedAction, ExplainedFinding } from './explain-json.ts'

/** Finding by finding, playbook by playbook: the decision, the guard rails, and each rule in its order with its reason. */
export function explainText({ findings, rejected }: Explained, paint: Paint): string {
  const blocks = findings.map((finding) => findingText(finding, paint))
  return [...blocks, leftoversText([], rejected, paint)].filter(Boolean).join('\n\n') || 'no findings'
}

function findingText(finding: ExplainedFinding, paint: Paint): string {
  const { id, source, type, severity, account, region, actions, ignored, unknown } = finding
  return [
    `${paint.strong(visible(type))} ${severity}, ${source}, ${account} ${region}`,
    paint.faint(`  ${visible(id)}`),
    ...(ignored === undefined ? [] : [`  ignored: ${visible(ignored)}`]),
    ...(unknown === undefined ? [] : [`  not known: ${visible(unknown)}`]),
    ...actions.flatMap((action) => actionLines(action, paint)),
  ].join('\n')
}

function actionLines(action: ExplainedAction, paint: Paint): string[] {
  const { playbook, resource, mode, reason, never, exemptions, freezes, rules } = action
  const asked = rules.filter(({ answer }) => answer !== 'later')
  const later = rules.length - asked.length
  return [
    `  → ${playbook} on ${visible(resource)}: ${paint.strong(mode)}, ${visible(reason)}`,
    ...railLines('never', never),
    ...railLines('exemption', exemptions),
    ...railLines('freeze', freezes),
    ...asked.map((rule) => ruleLine(rule, paint)),
    ...(later === 0
      ? []
      : [paint.faint(`    ${later} more ${later === 1 ? 'rule is' : 'rules are'} not asked`)]),
    ...(mode === 'rehearse' && asked.every(({ answer }) => answer === 'does not match')
      ? [`    no rule matches: rehearse`]
      : []),
  ]
}

function railLines(what: string, { holding, others }: ExplainedRail): string[] {
  const held = holding.map(({ what: each, holds }) => {
    // A calendar of AWS is asked when something is about to be changed.
    const open = what === 'freeze' ? 'asked right before a change' : 'unread, may hold'
    return `    ${what} ${visible(each)}: ${holds === 'unread' ? open : 'holds'}`
  })
  if (others === 0) return held
  const besides = held.length > 0 ? 'other ' : ''
  const [noun, verb] = others === 1 ? ['entry', 'does'] : ['entries', 'do']
  return [...held, `    ${what}: ${others} ${besides}${noun} ${verb} not hold`]
}

function ruleLine({ place, mode, answer, conditions }: ExplainedRule, paint: Paint): string {
  const colour = /^decides/.test(answer) ? paint.come : answer === 'may decide' ? paint.warn : paint.faint
  const told = conditions.filter(({ condition, holds }) => {
    if (/^decides/.test(answer)) return true
    // Of `not` all is told: only together its conditions keep a rule from matching.
    return condition.startsWith('not.') || holds === (answer === 'may decide' ? 'unread' : false)
  })
  const why = told.map(({ condition, wanted, found, holds }) => {
    const sign = holds === true ? 'is' : holds === false ? 'is not' : 'unread'
    return visible(
      holds === 'unread'
        ? `${condition} unread (wanted ${wanted})`
        : `${condition} ${found} ${sign} ${wanted}`,
    )
  })
  return `    ${visible(place)} ${mode}: ${colour(answer)}${why.length === 0 ? '' : `; ${why.join('; ')}`}`
}
