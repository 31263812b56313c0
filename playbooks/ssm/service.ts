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
  client: '@aws-sdk/client-ssm',
  load: () => import('./client.ts'),
  errors: {
    throttled: ['TooManyUpdates'],
    gone: ['DoesNotExistException', 'InvalidCommandId', 'InvalidInstanceId', 'InvocationDoesNotExist'],
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
    DescribeInstanceInformation: { field: 'MaxResults', size: 50 },
    DescribeInstancePatchStates: { field: 'MaxResults', size: 100 },
    ListCommands: { field: 'MaxResults', size: 50, without: 'CommandId' },
  },
})
