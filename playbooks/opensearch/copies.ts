import { call } from '../../src/playbook/api.ts'
import { defineCopies, making } from '../../src/playbook/service/copies.ts'

/** Domains without their indexes. */
export const domainCopies = defineCopies('opensearch', {
  DescribeDomainConfig: ({ input: { DomainName }, answer }) => {
    const { DomainEndpointOptions, EngineVersion } = answer?.DomainConfig ?? {}
    const options = DomainEndpointOptions?.Options
    return [
      making(
        call('opensearch', 'CreateDomain', {
          DomainName,
          ...(EngineVersion?.Options !== undefined && { EngineVersion: EngineVersion.Options }),
          ...(options && { DomainEndpointOptions: options }),
        }),
        { makes: `domain ${DomainName}` },
      ),
    ]
  },
  ListTags: ({ input: { ARN }, answer }) =>
    (answer?.TagList ?? []).length === 0
      ? []
      : [making(call('opensearch', 'AddTags', { ARN, TagList: answer!.TagList }))],
})
