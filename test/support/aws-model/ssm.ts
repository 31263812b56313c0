import type { Clock } from '../../../src/engine/clock.ts'
import { patchStep, stepAskedFor, stepsOf, wrongParameters } from '../../../src/sandbox/overlay/documents.ts'
import { asksForStage } from '../../../src/sandbox/overlay/ssm.ts'
import { type Fields, failure, filterValues, type Handlers, listOf, page } from './failure.ts'

/** What a command will come to on an instance. */
export interface Ending {
  /** ms from SendCommand until the node has it. */
  deliveredMs: number
  /** ms from SendCommand to the end. */
  afterMs: number
  status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled'
  /** Patch state that it leaves behind; where nothing is said, only a command that succeeds leaves one. */
  patch?: Fields
}

interface Command extends Fields {
  CommandId: string
  InstanceIds: string[]
}

const DONE: Ending = { deliveredMs: 1, afterMs: 60_000, status: 'Success' }
const PATCHED = { MissingCount: 0, FailedCount: 0, InstalledPendingRebootCount: 0, InstalledCount: 7 }

const UNFINISHED = ['Pending', 'InProgress']

/** SSM: managed instances, patch states, and commands that take their time. */
export class Ssm {
  /** As DescribeInstanceInformation gives them. */
  readonly managed = new Map<string, Fields>()
  /** As DescribeInstancePatchStates gives them. */
  readonly patchStates = new Map<string, Fields>()
  readonly commands: (Command & { sentAt: number })[] = []
  /** What the next commands come to, per instance; `DONE` where nothing is said. */
  readonly endings = new Map<string, Partial<Ending>>()
  /** ms until a sent command shows up in lists. */
  listLagMs = 0
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  addInstance(id: string, patch: Fields = { MissingCount: 3 }, more: Fields = {}): void {
    this.managed.set(id, {
      InstanceId: id,
      PingStatus: 'Online',
      PlatformType: 'Linux',
      PlatformName: 'Amazon Linux',
      ...more,
    })
    const past = new Date(this.#clock.now() - 86_400_000)
    const counts = { MissingCount: 0, FailedCount: 0, InstalledPendingRebootCount: 0, InstalledCount: 0 }
    const scan = {
      Operation: 'Scan',
      OperationStartTime: past,
      OperationEndTime: past,
      BaselineId: 'pb-0model',
    }
    this.patchStates.set(id, { InstanceId: id, PatchGroup: '', ...scan, ...counts, ...patch })
  }

  readonly handlers: Handlers = {
    DescribeInstanceInformation: (input) => {
      const ids = filterValues('ssm:DescribeInstanceInformation', input, ['InstanceIds'], 'Key').get(
        'InstanceIds',
      )
      const found = [...this.managed.values()].filter(
        ({ InstanceId }) => !ids || ids.includes(String(InstanceId)),
      )
      return page(found, input, { items: 'InstanceInformationList', size: 'MaxResults', token: 'NextToken' })
    },

    DescribeInstancePatchStates: (input) => {
      for (const command of this.commands)
        for (const id of command.InstanceIds) this.#leavePatchState(command, id)
      const found = listOf<string>(input.InstanceIds).flatMap((id) => this.patchStates.get(id) ?? [])
      return page(found, input, { items: 'InstancePatchStates', size: 'MaxResults', token: 'NextToken' })
    },

    // No window is meant for anything here; tests that need one answer for themselves.
    DescribeMaintenanceWindowSchedule: () => ({ ScheduledWindowExecutions: [] }),

    SendCommand: (input) => {
      const ids = listOf<string>(input.InstanceIds)
      for (const id of ids) this.#mustKnow('ssm:SendCommand', id)
      const { DocumentName, Parameters = {}, Comment, TimeoutSeconds } = input
      const wrong = wrongParameters(String(DocumentName), Parameters as Record<string, string[]>)
      if (wrong) throw failure('ssm:SendCommand', 'InvalidParameters', wrong)
      const CommandId = `00000000-0000-4000-8000-${String(this.commands.length + 1).padStart(12, '0')}`
      const said = { DocumentName, Parameters, Comment, TimeoutSeconds }
      this.commands.push({ CommandId, InstanceIds: ids, ...structuredClone(said), sentAt: this.#clock.now() })
      return { Command: this.#shown(this.commands.at(-1)!) }
    },

    ListCommands: (input) => {
      const { InstanceId: instance } = input
      if (instance !== undefined) this.#mustKnow('ssm:ListCommands', String(instance))
      const found = this.#listed(input)
        // By instance only what has reached it is known.
        .filter((command) => instance === undefined || this.#status(command, String(instance)) !== 'Pending')
        .map((command) => this.#shown(command))
        .filter(({ Status }) => inStage(input, String(Status)))
      return page(found, input, { items: 'Commands', size: 'MaxResults', token: 'NextToken' })
    },

    ListCommandInvocations: (input) => {
      if (asksForStage(input))
        throw failure('ssm:ListCommandInvocations', 'InvalidFilterKey', 'a filter of commands only')
      const { InstanceId: instance } = input
      if (instance !== undefined) this.#mustKnow('ssm:ListCommandInvocations', String(instance))
      const found = this.#listed(input).flatMap((command) =>
        command.InstanceIds.filter((id) => instance === undefined || id === instance).map((id) =>
          this.#invocation(command, id, input.Details === true),
        ),
      )
      return page(found, input, { items: 'CommandInvocations', size: 'MaxResults', token: 'NextToken' })
    },

    GetCommandInvocation: ({ CommandId, InstanceId, PluginName }) => {
      const command = this.commands.find((one) => one.CommandId === CommandId)
      const id = String(InstanceId)
      if (!command?.InstanceIds.includes(id))
        throw failure('ssm:GetCommandInvocation', 'InvocationDoesNotExist')
      const step = stepAskedFor(String(command.DocumentName), PluginName)
      if (!step) throw failure('ssm:GetCommandInvocation', 'InvalidPluginName')
      const { Status, StatusDetails, ResponseCode } = this.#step(command, id, step)
      return { CommandId, InstanceId, PluginName: step, Status, StatusDetails, ResponseCode }
    },
  }

  #mustKnow(action: string, id: string): void {
    if (!this.managed.has(id))
      throw failure(action, 'InvalidInstanceId', `Instances [[${id}]] not in a valid state`)
  }

  /** The commands that lists show and that are asked for, newest first. */
  #listed(input: Fields) {
    const filters = filterValuesOfCommands(input)
    return this.commands
      .filter(({ sentAt }) => sentAt + this.listLagMs <= this.#clock.now())
      .filter(({ CommandId }) => input.CommandId === undefined || CommandId === input.CommandId)
      .filter(
        ({ InstanceIds }) => input.InstanceId === undefined || InstanceIds.includes(String(input.InstanceId)),
      )
      .filter(({ sentAt }) => sentAt >= filters.after)
      .filter(({ DocumentName }) => filters.document === undefined || DocumentName === filters.document)
      .reverse()
  }

  #invocation(command: Command & { sentAt: number }, id: string, details: boolean): Fields {
    const { CommandId, DocumentName, Comment } = command
    const Status = this.#status(command, id)
    const steps = stepsOf(String(DocumentName)).map((step) => this.#step(command, id, step))
    return {
      ...{ CommandId, InstanceId: id, DocumentName, Comment, Status, StatusDetails: Status },
      RequestedDateTime: new Date(command.sentAt),
      CommandPlugins: details ? steps : [],
    }
  }

  /** The steps of a document for other platforms end well, without having done anything. */
  #step(command: Command & { sentAt: number }, id: string, Name: string): Fields {
    const status = this.#status(command, id)
    const mine = Name === patchStep(String(this.managed.get(id)?.PlatformType))
    const Status = mine || status === 'Pending' ? status : 'Success'
    const ResponseCode = UNFINISHED.includes(Status) ? -1 : Status === 'Success' ? 0 : 1
    return { Name, Status, StatusDetails: Status, ResponseCode }
  }

  #shown(command: Command & { sentAt: number }): Fields {
    const { sentAt, ...fields } = command
    const statuses = command.InstanceIds.map((id) => this.#status(command, id))
    const Status = statuses.find((status) => status !== 'Success') ?? 'Success'
    return { ...structuredClone(fields), Status, RequestedDateTime: new Date(sentAt) }
  }

  #status({ sentAt }: { sentAt: number }, instance: string): string {
    const { deliveredMs, afterMs, status } = this.#ending(instance)
    const age = this.#clock.now() - sentAt
    if (age >= afterMs) return status
    return age < deliveredMs ? 'Pending' : 'InProgress'
  }

  #ending(instance: string): Ending {
    return { ...DONE, ...this.endings.get(instance) }
  }

  #leavePatchState(command: Command & { sentAt: number }, instance: string): void {
    const { afterMs, status, patch = status === 'Success' ? PATCHED : undefined } = this.#ending(instance)
    if (!patch || UNFINISHED.includes(this.#status(command, instance))) return
    const [start, end] = [new Date(command.sentAt), new Date(command.sentAt + afterMs)]
    const old = this.patchStates.get(instance)
    if (old && (old.OperationEndTime as Date) >= end) return
    const operation =
      (command.Parameters as { Operation?: string[] } | undefined)?.Operation?.[0] ?? 'Install'
    this.patchStates.set(instance, {
      ...old,
      Operation: operation,
      OperationStartTime: start,
      OperationEndTime: end,
      ...patch,
    })
  }
}

/** ListCommands names its filters in lower case: `{ key, value }`. */
function filterValuesOfCommands(input: Fields): { after: number; document: string | undefined } {
  let after = Number.NEGATIVE_INFINITY
  let document: string | undefined
  for (const { key, value } of listOf<{ key: string; value: string }>(input.Filters)) {
    if (key === 'InvokedAfter') after = Date.parse(value)
    else if (key === 'DocumentName') document = value
    else if (key !== 'ExecutionStage')
      throw failure(
        'ssm:ListCommands',
        'InvalidFilterKey',
        `the model of AWS does not know the filter ${key}`,
      )
  }
  return { after, document }
}

function inStage(input: Fields, status: string): boolean {
  const stage = listOf<{ key: string; value: string }>(input.Filters).find(
    ({ key }) => key === 'ExecutionStage',
  )
  return !stage || UNFINISHED.includes(status) === (stage.value === 'Executing')
}
