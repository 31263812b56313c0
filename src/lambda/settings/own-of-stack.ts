import type { OwnParts } from '../../engine/own/own-parts.ts'
import type { Settings } from './settings.ts'

/** As CloudFormation names the table of the template, whose name is long enough for that of any stack. */
const TABLE = /^(?<stack>.+)-RunsTable-[A-Za-z0-9]+$/

/** What the member stacks call the role by which detectors are told, which the functions that change nothing know. */
const USUAL_TELL_ROLE = 'RectifyTell'

type Known = Pick<
  Settings,
  'table' | 'account' | 'region' | 'members' | 'readRoleArn' | 'changeRoleArn' | 'scheduleRoleArn'
>

/**
 * Name of the stack, by that of its table.
 * @throws Error when the table's name does not tell it
 */
export function stackOf({ table }: Pick<Settings, 'table'>): string {
  const name = TABLE.exec(table)?.groups?.stack
  if (name === undefined) throw new Error(`the table ${table} is not named as template.yaml has it named`)
  return name
}

/**
 * What is the engine's own, by what the stack tells its functions.
 * @throws Error when the table's name does not tell the stack: it could then not be told what is never to be changed
 */
export function ownOfStack({ table, account, region, members, ...roles }: Known): OwnParts {
  const name = stackOf({ table })
  const { readRoleArn, changeRoleArn, scheduleRoleArn } = roles
  const ofMembers = [members.readRole, members.changeRole, USUAL_TELL_ROLE].filter((role) => role !== '')
  return {
    stacks: [{ name, account, ...(region !== '' && { region }) }],
    identities: [
      ...[readRoleArn, changeRoleArn, scheduleRoleArn].filter((arn) => arn !== ''),
      ...ofMembers.map((role) => `arn:*:iam::*:role/${role}`),
    ],
    arns: [],
  }
}
