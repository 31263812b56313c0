import type { Clock } from '../../../src/engine/ports.ts'
import { type Fields, failure, filterValues, type Handlers, listOf, page } from './failure.ts'

/** What a command will come to on an instance. */
export interface Ending {
  /** ms from SendCommand to the end. */
  afterMs: number
  status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled'
  /** Patch state that it leaves behind; none is left when the command does not succeed. */
  patch: Fields
}

interface Command extends Fields {
  CommandId: string
  InstanceIds: string[]
}

const DONE: Ending = {
  afterMs: 60_000,
  status: 'Success',
  patch: { MissingCount: 0, FailedCount: 0, InstalledPendingRebootCount: 0, InstalledCount: 7 },
}

/** SSM: managed instances, patch states, and commands that take their time. */
export class Ssm {
  /** As DescribeInstanceInformation gives them. */
  readonly managed = new Map<string, Fields>()
  /** As DescribeInstancePatchStates gives them. */
  readonly patchStates = new Map<string, Fields>()
  readonly commands: (Command & { sentAt: number })[] = []
  /** What the next commands come to, per instance; `DONE` where nothing is said. */
  readonly endings = new Map<string, Partial<Ending>>()
  /** ms until a sent command shows up in ListCommands. */
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

    SendCommand: (input) => {
      const ids = listOf<string>(input.InstanceIds)
      const stranger = ids.find((id) => !this.managed.has(id))
      if (stranger)
        throw failure(
          'ssm:SendCommand',
          'InvalidInstanceId',
          `Instances [[${stranger}]] not in a valid state`,
        )
      const CommandId = `00000000-0000-4000-8000-${String(this.commands.length + 1).padStart(12, '0')}`
      const { DocumentName, Parameters, Comment, TimeoutSeconds } = input
      const said = { DocumentName, Parameters, Comment, TimeoutSeconds }
      this.commands.push({ CommandId, InstanceIds: ids, ...structuredClone(said), sentAt: this.#clock.now() })
      return { Command: this.#shown(this.commands.at(-1)!) }
    },

    ListCommands: (input) => {
      const filters = filterValuesOfCommands(input)
      const found = this.commands
        .filter(({ sentAt }) => sentAt + this.listLagMs <= this.#clock.now())
        .filter(({ CommandId }) => input.CommandId === undefined || CommandId === input.CommandId)
        .filter(
          ({ InstanceIds }) =>
            input.InstanceId === undefined || InstanceIds.includes(String(input.InstanceId)),
        )
        .filter(({ sentAt }) => sentAt >= filters.after)
        .filter(({ DocumentName }) => filters.document === undefined || DocumentName === filters.document)
      const shown = found.reverse().map((command) => this.#shown(command))
      return page(shown, input, { items: 'Commands', size: 'MaxResults', token: 'NextToken' })
    },

    GetCommandInvocation: ({ CommandId, InstanceId }) => {
      const command = this.commands.find((one) => one.CommandId === CommandId)
      const id = String(InstanceId)
      if (!command?.InstanceIds.includes(id))
        throw failure('ssm:GetCommandInvocation', 'InvocationDoesNotExist')
      const Status = this.#status(command, id)
      const ended = Status !== 'Pending' && Status !== 'InProgress'
      const ResponseCode = ended ? (Status === 'Success' ? 0 : 1) : -1
      return { CommandId, InstanceId, Status, StatusDetails: Status, ResponseCode, Comment: command.Comment }
    },
  }

  #shown(command: Command & { sentAt: number }): Fields {
    const { sentAt, ...fields } = command
    const statuses = command.InstanceIds.map((id) => this.#status(command, id))
    const Status = statuses.find((status) => status !== 'Success') ?? 'Success'
    return { ...structuredClone(fields), Status, RequestedDateTime: new Date(sentAt) }
  }

  #status({ sentAt }: { sentAt: number }, instance: string): string {
    const { afterMs, status } = this.#ending(instance)
    const age = this.#clock.now() - sentAt
    if (age >= afterMs) return status
    return age === 0 ? 'Pending' : 'InProgress'
  }

  #ending(instance: string): Ending {
    return { ...DONE, ...this.endings.get(instance) }
  }

  #leavePatchState(command: Command & { sentAt: number }, instance: string): void {
    const { afterMs, patch } = this.#ending(instance)
    if (this.#status(command, instance) !== 'Success') return
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
    else
      throw failure(
        'ssm:ListCommands',
        'InvalidFilterKey',
        `the model of AWS does not know the filter ${key}`,
      )
  }
  return { after, document }
}
