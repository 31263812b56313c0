import { call } from '../../src/playbook/api.ts'
import { defineCopies, making } from '../../src/playbook/service/copies.ts'

/** The session of an account. The emulators have one from the start: where AWS has none, it is ended. */
export const sessionCopies = defineCopies('macie', {
  GetMacieSession: ({ answer }) => [
    answer?.status === undefined
      ? making(call('macie', 'DisableMacie', {}))
      : making(call('macie', 'UpdateMacieSession', { status: answer.status })),
  ],
  GetAdministratorAccount: ({ answer }) =>
    answer?.administrator?.accountId === undefined ? [] : 'that another account administers it is not made',
})
