import type { ManagedInstance } from '../control.ts'
import { errorAnswer } from '../front/answer.ts'
import type { AwsRequest } from '../front/request.ts'
import type { Answerer } from './answerer.ts'
import { page } from './paging.ts'

const seconds = (ms: number) => ms / 1000
const refused = (request: AwsRequest, code: string, message: string) =>
  errorAnswer(request, 400, code, message)

/** The instances that Systems Manager manages, with whether their agent answers. */
export const describeInstanceInformation: Answerer = (request, control) => {
  const { Filters = [], InstanceInformationFilterList = [] } = request.input as {
    Filters?: { Key: string; Values: string[] }[]
    InstanceInformationFilterList?: { key: string; valueSet: string[] }[]
  }
  const filters = [
    ...Filters,
    ...InstanceInformationFilterList.map(({ key, valueSet }) => ({ Key: key, Values: valueSet })),
  ]
  if (Filters.length > 0 && InstanceInformationFilterList.length > 0) {
    return refused(
      request,
      'ValidationException',
      'Filters and InstanceInformationFilterList exclude each other',
    )
  }
  const unknown = filters.find(({ Key }) => !(Key in FILTERS))
  if (unknown) return refused(request, 'InvalidFilterKey', `The filter key ${unknown.Key} is not valid`)
  const items = [...control.instances]
    .filter(([id, instance]) =>
      filters.every(({ Key, Values }) => Values.includes(FILTERS[Key]!(id, instance))),
    )
    .map(([id, instance]) => information(id, instance, control.now()))
  return page(request, 'InstanceInformationList', items, 5, 50)
}

const FILTERS: Record<string, (id: string, instance: ManagedInstance) => string> = {
  InstanceIds: (id) => id,
  PingStatus: (_id, { ping }) => ping,
  PlatformTypes: (_id, { platform }) => platform,
  ResourceType: () => 'EC2Instance',
}

function information(id: string, { ping, platform }: ManagedInstance, now: number) {
  return {
    InstanceId: id,
    PingStatus: ping,
    LastPingDateTime: seconds(ping === 'Online' ? now - 30_000 : now - 86_400_000),
    AgentVersion: '3.3.1142.0',
    IsLatestVersion: true,
    PlatformType: platform,
    PlatformName: platform === 'Linux' ? 'Amazon Linux' : 'Microsoft Windows Server 2022 Datacenter',
    PlatformVersion: platform === 'Linux' ? '2023' : '10.0.20348',
    ResourceType: 'EC2Instance',
    ComputerName: `${id}.ec2.internal`,
    SourceId: id,
    SourceType: 'AWS::EC2::Instance',
  }
}

/** What the newest patch operation of each instance found and did. */
export const describeInstancePatchStates: Answerer = (request, control) => {
  const { InstanceIds: ids = [] } = request.input as { InstanceIds?: string[] }
  control.settle()
  const items = ids.flatMap((id) => {
    const instance = control.instances.get(id)
    return instance?.scanned ? [patchState(id, instance, instance.scanned)] : []
  })
  return page(request, 'InstancePatchStates', items, 10, 100)
}

function patchState(
  id: string,
  { patches }: ManagedInstance,
  scanned: NonNullable<ManagedInstance['scanned']>,
) {
  const { installed, missing, failed, pendingReboot, rejected = 0 } = patches
  const noReboot = scanned.operation === 'Install' && scanned.rebootOption === 'NoReboot'
  return {
    InstanceId: id,
    PatchGroup: '',
    BaselineId: 'pb-0c10e65780EXAMPLE',
    Operation: scanned.operation,
    OperationStartTime: seconds(scanned.start),
    OperationEndTime: seconds(scanned.end),
    RebootOption: scanned.rebootOption,
    ...(noReboot ? { LastNoRebootInstallOperationTime: seconds(scanned.end) } : {}),
    InstalledCount: installed,
    InstalledOtherCount: 120,
    InstalledPendingRebootCount: pendingReboot,
    InstalledRejectedCount: rejected,
    MissingCount: missing,
    FailedCount: failed,
    NotApplicableCount: 340,
    UnreportedNotApplicableCount: 0,
    CriticalNonCompliantCount: 0,
    SecurityNonCompliantCount: missing + failed + pendingReboot + rejected,
    OtherNonCompliantCount: 0,
  }
}
