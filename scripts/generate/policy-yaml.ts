import type { PolicyStatement } from '../../src/cli/iam-policy.ts'
import type { RolePolicy } from './role-policies.ts'

/** The policies as resources of a template. */
export function policiesYaml(policies: readonly RolePolicy[], what: string): string {
  return policies.map((policy) => policyYaml(policy, what)).join('\n')
}

/** What attaches them to their role: the role waits for them, and whoever plays it has all of them. */
export function attachmentsYaml(policies: readonly RolePolicy[]): string {
  return policies.map(({ id }) => `        - !Ref ${id}\n`).join('')
}

function policyYaml({ id, services, statements }: RolePolicy, what: string): string {
  return `  ${id}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: What Rectify's playbooks ${what} ${services.join(', ')}
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
${statements.map(statementYaml).join('')}`
}

function statementYaml({ Sid, Action, Resource }: PolicyStatement): string {
  const resources = [Resource].flat()
  const why = [...new Set(resources.flatMap(whyWide))]
  return [
    `          - Sid: ${Sid}`,
    '            Effect: Allow',
    ...listed('Action', Action, (action) => action),
    ...why.map((sentence) => `            # ${sentence}`),
    ...listed('Resource', resources, (one) => (one === '*' ? '"*"' : `!Sub ${one}`)),
    '',
  ].join('\n')
}

function listed(key: string, values: readonly string[], shown: (value: string) => string): string[] {
  if (values.length === 1) return [`            ${key}: ${shown(values[0]!)}`]
  return [`            ${key}:`, ...values.map((value) => `              - ${shown(value)}`)]
}

/** Why a statement is wider than a kind of resource in this account and region. */
function whyWide(resource: string): string[] {
  if (resource === '*') return ['These actions know no resource, or are asked about whatever there is.']
  // The account stands between colons of its own: `${AWS::AccountId}` has some, too.
  const [, , service, region, account, ...rest] = resource.replaceAll('AWS::', '').split(':')
  return [
    ...(region === '*' ? ['In every region.'] : []),
    ...(account === '*' ? [whoseElse(service)] : []),
    ...(/\*.*[/:]/.test(rest.join(':')) ? ['Of every name and id.'] : []),
  ]
}

function whoseElse(service: string | undefined): string {
  if (service === 'organizations') return 'All ARNs of an organisation carry its management account.'
  return `Another account may share what it has of ${service}.`
}
