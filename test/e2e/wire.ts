import type { SeenRequest } from '../../src/sandbox/front.ts'
import type { Program } from './program.ts'

/** Whether a request would change something: no read, no dry run. */
export function isChange({ operation, dryRun }: SeenRequest): boolean {
  return !dryRun && !/^(Describe|Get|List)/.test(operation)
}

/** The requests of a program that would change something, sent or cut off. */
export function changes(program: Program): SeenRequest[] {
  return program.requests().filter(isChange)
}

/** `ec2:DescribeSecurityGroups`: the action that a request needs. */
export const actionOf = ({ service, operation }: SeenRequest): string => `${service}:${operation}`
