import { byFilter, byList, idIn } from '../../src/playbook/service/joinable.ts'
import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    ssm: typeof import('@aws-sdk/client-ssm')
  }
}

/** Systems Manager. A filter takes 100 values, DescribeInstancePatchStates 50 ids. */
export const ssm = defineService({
  id: 'ssm',
  load: () => import('./client.ts'),
  errors: {
    throttled: ['TooManyUpdates'],
    gone: [
      'DoesNotExistException',
      'InvalidCommandId',
      'InvalidDocument',
      'InvalidInstanceId',
      'InvalidResourceId',
      'InvocationDoesNotExist',
    ],
  },
  joinable: {
    DescribeInstanceInformation: {
      items: 'InstanceInformationList',
      most: 100,
      ...byFilter('Key', 'InstanceIds'),
      idsOf: idIn('InstanceId'),
    },
    DescribeInstancePatchStates: {
      items: 'InstancePatchStates',
      most: 50,
      authorisedById: true,
      ...byList('InstanceIds'),
      idsOf: idIn('InstanceId'),
    },
  },
  pages: {
    DescribeDocumentPermission: { field: 'MaxResults', size: 200 },
    DescribeInstanceInformation: { field: 'MaxResults', size: 50 },
    DescribeInstancePatchStates: { field: 'MaxResults', size: 100 },
    ListDocuments: { field: 'MaxResults', size: 50 },
    ListInventoryEntries: { field: 'MaxResults', size: 50 },
    ListCommands: { field: 'MaxResults', size: 50, without: 'CommandId' },
  },
})
