import { dump } from 'js-yaml'
import type { AnyPlaybook } from '../../playbook/playbook.ts'

/** Where people are asked: ids of a Slack workspace and of a channel in it. */
export interface SlackPlace {
  workspace: string
  channel: string
}

export interface StarterOptions {
  /** Mode of everything for which there is no rule. */
  otherwise?: 'rehearse' | 'approve'
  /** Folder of own playbooks, from where the file is. */
  ownFolder?: string | undefined
  /** Where people are asked; without it Slack only stands in the comments. */
  slack?: SlackPlace | undefined
  /** Name of the file with the JSON Schema, from where the policy is: editors check it by that as it is written. */
  schema?: string | undefined
}

/**
 * The policy file that `rectify init` writes: it loads as it stands and rehearses everything, or asks before each
 * change. What it proposes is commented out, one rule per playbook; taking the `# ` off makes it count.
 */
export function starterPolicy(
  playbooks: readonly AnyPlaybook[],
  { otherwise = 'rehearse', ownFolder, slack, schema }: StarterOptions = {},
): string {
  const [first] = playbooks
  const scope = first ? `playbook: ${first.id}, ` : ''
  return `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}# The policy of Rectify: which findings it may put right, and how.
# Check it with \`rectify policy check\`, and what it decides with \`rectify policy test\` (examples/starter has cases);
# \`rectify policy schema\` prints a JSON Schema for editors.
version: 1
${ownFolder === undefined ? '' : dump({ playbooks: ownFolder })}${slack ? `slack: { workspace: ${slack.workspace} }\n` : ''}
# The first rule that matches decides; where none does, the mode is rehearse.
# Modes: auto (change at once), approve (ask first), rehearse (dry run and report), notify (tell), off.
# Conditions under \`when\`, each one value or a list, all must hold:
#   playbook, source, type, severity (HIGH, or { atLeast: HIGH }), account ("111122223333", in quotes),
#   region, resource (id or ARN, * for any characters; name:PATTERN for its own name), tags ({ environment: prod }),
#   managedBy, reachable (true, false), age ({ atLeast: 1h }), and not ({ the same conditions }).
# An example per playbook follows, with its parameters and their defaults. Take the "# " off to use one.
rules:
${playbooks.map((playbook) => exampleRule(playbook, slack)).join('\n')}
  # Everything else: ${OTHERWISE[otherwise]}.
  - mode: ${otherwise}
${slack ? `    approval: { channel: ${slack.channel} }\n` : ''}
# Resources to leave alone, whichever detector names them. The last day counts, in UTC.
exemptions:
  # - { resource: sg-0123456789abcdef0, ${scope}owner: netops, reason: public bastion, until: 2099-12-31 }

# When nothing is changed, by the clock of a time zone, and how much may be (docs/operations.md).
freezes:
  # - { name: nights, weekly: "Mon-Fri 18:00-08:00", zone: Europe/Berlin, except: { severity: { atLeast: CRITICAL } } }
limits:
  # changesPerHour: 50

# What is never blocked (addresses) and never changed (resources, roles, accounts), whatever the rules say.
never:
  addresses:
    # - 198.51.100.0/24
  resources:
    # - "arn:aws:ec2:*:*:security-group/sg-0123456789abcdef0"
  roles:
    # - "arn:aws:iam::*:role/BreakGlass"
  accounts:
    # - "111122223333"

# Which detectors are told what became of their findings (docs/write-back.md): Security Hub by workflow and note, GuardDuty
# by its archive, AWS Config by an evaluation of the rule, IAM Access Analyzer by a scan of the resource.
tell: { securityhub: true, guardduty: false, config: true, accessanalyzer: true }

# Slack: whose members may decide (approval: { channel: C0SECOPS, approvers: [S0ONCALL, ann] }), and who is one person
# by Slack and by IAM (docs/slack.md).
${slack ? '' : '# slack: { workspace: T0ACME }\n'}# people:
#   - { name: ann, slack: U0ANN, iam: ["arn:aws:sts::*:assumed-role/AWSReservedSSO_SecOps_*/ann@example.com"] }

# What rules of AWS Config are, by SourceIdentifier, where neither their names nor AWS Config itself says so to Rectify.
configRules:
  # our-ssh-rule-*: INCOMING_SSH_DISABLED
`
}

const OTHERWISE = {
  rehearse: 'look, plan, dry-run and report, but change nothing',
  approve: 'look, plan, dry-run, and ask before anything is changed',
}

function exampleRule(
  { id, title, suggestedMode, parameters }: AnyPlaybook,
  slack: SlackPlace | undefined,
): string {
  // In the channel anybody of the workspace may decide: whose ids could be named is not known here.
  const asked = slack ? { channel: slack.channel } : { approvers: ['arn:aws:iam::*:role/Oncall'] }
  const rule = {
    when: { playbook: id },
    mode: suggestedMode,
    ...(suggestedMode === 'approve' && {
      approval: { ...asked, quorum: 1, expiresAfter: '4h' },
    }),
  }
  const defaults: Record<string, unknown> = parameters.parse({})
  const withParameters = Object.keys(defaults).length === 0 ? rule : { ...rule, parameters: defaults }
  const [head, ...tail] = Object.entries(withParameters).map(
    ([key, value]) =>
      `${key}: ${dump(value, { flowLevel: 0, flowBracketPadding: true, lineWidth: -1 }).trim()}`,
  )
  return `  # ${title}.\n  # - ${head}\n${tail.map((line) => `  #   ${line}\n`).join('')}`
}
