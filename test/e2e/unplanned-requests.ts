import { playbooks, services } from '../../playbooks/index.ts'
import { iamActionOf } from '../../src/playbook/service/service.ts'
import type { SeenRequest } from '../../src/sandbox/front/front.ts'
import type { ReportedRun } from './pinned-documents.ts'
import type { Program } from './program-in-sandbox.ts'

/** Whether a request would change something: no read, no dry run, no other check. */
export function isChange({ operation, dryRun }: SeenRequest): boolean {
  // S3 names an operation by its method and path.
  return (
    !dryRun &&
    !/^(Describe|Get|List|Lookup|GET |Simulate|ValidatePolicy|CheckNo|StartQuery|StopQuery)/.test(operation)
  )
}

/** The requests of a program that would change something, sent or cut off. */
export function changes(program: Program): SeenRequest[] {
  return program.requests().filter(isChange)
}

/** `ec2:DescribeSecurityGroups`: the action that a request needs. */
function actionOf({ service, operation }: SeenRequest): string {
  const own = services.find(({ id }) => id === service)
  return own ? iamActionOf(own, operation) : `${service}:${operation}`
}

/** Actions of a program's requests that none of the playbooks of these runs declares. */
export function undeclared(program: Program, runs: readonly ReportedRun[]): string[] {
  const declared = new Set(['sts:GetCallerIdentity'])
  for (const { id, reads, writes } of playbooks) {
    if (!runs.some(({ playbook }) => playbook === id)) continue
    for (const action of [...reads, ...writes.map((write) => write.action)]) declared.add(action)
  }
  return program
    .requests()
    .map(actionOf)
    .filter((action) => !declared.has(action))
}

/** Changes on the wire that are not a step of one of these runs' plans as printed. */
export function unplanned(program: Program, runs: readonly ReportedRun[]): SeenRequest[] {
  const steps = runs.flatMap(({ plan }) => plan?.steps ?? [])
  return changes(program).filter((request) => !steps.some((step) => carriesOut(request, step)))
}

type Step = NonNullable<ReportedRun['plan']>['steps'][number]

/**
 * A merge step is printed as a change to a set and sent as the whole set; a step that is marked carries its mark;
 * all others are sent as printed, EC2's as a flat query.
 */
function carriesOut(request: SeenRequest, { call, merge }: Step): boolean {
  const { service, operation, input } = request
  if (service !== call.service || operation !== call.operation) return false
  if (service === 'ec2') return JSON.stringify(leaves(input)) === JSON.stringify(leaves(call.input))
  const printed = Object.entries(call.input).every(
    ([name, value]) => JSON.stringify(input[name]) === JSON.stringify(value),
  )
  if (!merge) return printed && Object.keys(input).every((name) => name in call.input || name === 'Comment')
  const sent = input[merge.field] as string[]
  return (
    printed &&
    merge.add.every((entry) => sent.includes(entry)) &&
    !merge.remove.some((entry) => sent.includes(entry))
  )
}

/** All values within, sorted. */
function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.values(value).flatMap(leaves).sort()
}
