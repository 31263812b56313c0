import { call } from '../../src/playbook/api.ts'
import { defineCopies, making } from '../../src/playbook/service/copies.ts'

/** Whether it is on; standards and integrations are not made. */
export const hubCopies = defineCopies('securityhub', {
  DescribeHub: ({ answer }) =>
    answer?.HubArn === undefined
      ? []
      : [making(call('securityhub', 'EnableSecurityHub', { EnableDefaultStandards: false }))],
  GetEnabledStandards: ({ answer }) =>
    (answer?.StandardsSubscriptions ?? []).length === 0 ? [] : 'standards are not made',
  ListEnabledProductsForImport: ({ answer }) =>
    (answer?.ProductSubscriptions ?? []).length === 0 ? [] : 'integrations are not made',
})
