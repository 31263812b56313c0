import { call } from '../../src/playbook/api.ts'
import { defineCopies, making } from '../../src/playbook/service/copies.ts'

/** What blocks public access for a whole account; an error says that nothing does. */
export const accountBlockCopies = defineCopies('s3control', {
  GetPublicAccessBlock: ({ input: { AccountId }, answer }) =>
    answer === undefined
      ? []
      : [
          making(
            call('s3control', 'PutPublicAccessBlock', {
              AccountId,
              PublicAccessBlockConfiguration: answer.PublicAccessBlockConfiguration,
            }),
          ),
        ],
})
