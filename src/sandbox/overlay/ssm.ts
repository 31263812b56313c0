import { errorAnswer, jsonAnswer } from '../front/answer.ts'
import type { Answerer } from './answerer.ts'
import { getCommandInvocation, listCommandInvocations, listCommands } from './command-lists.ts'
import { describeInstanceInformation, describeInstancePatchStates } from './managed-instances.ts'
import { page } from './paging.ts'
import { sendCommand } from './run-command.ts'

/** Commands have a stage, invocations none; AWS's model has one list of filters for both. */
export const asksForStage = (input: Record<string, unknown>): boolean =>
  ((input.Filters ?? []) as { key: string }[]).some(({ key }) => key === 'ExecutionStage')

const invocationsOf: Answerer = (request, control, forward) => {
  if (!asksForStage(request.input)) return listCommandInvocations(request, control, forward)
  return errorAnswer(request, 400, 'InvalidFilterKey', 'ExecutionStage is a filter of commands only')
}

/** The emulator keeps maintenance windows and opens none of them. */
const describeMaintenanceWindowSchedule: Answerer = (request) =>
  page(request, 'ScheduledWindowExecutions', [], 1, 100)

/** The only service setting that is kept, per account and region; the emulator knows none. */
const PUBLIC_SHARING = '/ssm/documents/console/public-sharing-permission'

const serviceSetting: Answerer = (request, control, forward) => {
  const { account, region, input, operation } = request
  const { SettingId, SettingValue } = input
  if (SettingId !== PUBLIC_SHARING) return forward(request)
  const place = `${account}/${region}`
  if (operation === 'GetServiceSetting') {
    const live = control.publicSharing.get(place) ?? 'Enable'
    return jsonAnswer({ ServiceSetting: { SettingId, SettingValue: live } })
  }
  control.publicSharing.set(place, String(SettingValue))
  return jsonAnswer({})
}

/** Several calendars are open when each of them is; the state changes next when the first of them does. */
const getCalendarState: Answerer = (request, control) => {
  const { account, region, input } = request
  const called = input.CalendarNames as string[]
  const found = called.map((name) =>
    control.calendars.get(
      name.startsWith('arn:') ? name : `arn:aws:ssm:${region}:${account}:document/${name}`,
    ),
  )
  const all = found.filter((one) => one !== undefined)
  if (all.length < called.length)
    return errorAnswer(request, 400, 'InvalidDocument', 'The specified SSM document does not exist.')
  const changes = all.flatMap(({ NextTransitionTime }) => NextTransitionTime ?? []).sort()
  return jsonAnswer({
    State: all.every(({ State }) => State === 'OPEN') ? 'OPEN' : 'CLOSED',
    AtTime: new Date(control.now()).toISOString(),
    ...(changes[0] !== undefined && { NextTransitionTime: changes[0] }),
  })
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
export const ssm: Record<string, Answerer> = {
  DescribeInstanceInformation: describeInstanceInformation,
  DescribeInstancePatchStates: describeInstancePatchStates,
  DescribeMaintenanceWindowSchedule: describeMaintenanceWindowSchedule,
  GetCalendarState: getCalendarState,
  GetServiceSetting: serviceSetting,
  UpdateServiceSetting: serviceSetting,
  SendCommand: sendCommand,
  ListCommands: listCommands,
  ListCommandInvocations: invocationsOf,
  GetCommandInvocation: getCommandInvocation,
}
