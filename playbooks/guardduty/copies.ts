import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making } from '../../src/playbook/service/copies.ts'

const detectorMaking = (DetectorId: string, Enable: boolean, isStub = false): Making =>
  making(call('guardduty', 'CreateDetector', { Enable }), {
    makes: `detector ${DetectorId}`,
    ids: { DetectorId },
    ...(isStub && { isStub }),
  })

/** Detectors without what they have found. */
export const detectorCopies = defineCopies('guardduty', {
  ListDetectors: ({ answer }) => (answer?.DetectorIds ?? []).map((id) => detectorMaking(id, true, true)),
  GetDetector: ({ input: { DetectorId = '' }, answer }) => [
    detectorMaking(DetectorId, answer?.Status === 'ENABLED'),
  ],
  GetAdministratorAccount: ({ answer }) =>
    answer?.Administrator?.AccountId === undefined ? [] : 'that another account administers it is not made',
})
