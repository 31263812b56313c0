import { describe, expect, test } from '@jest/globals'
import { ACCOUNT, detectors, endedRun, hub, hubFinding, kept, PRODUCT, REGION, RUN } from './told-runs.ts'

const AT = '2026-11-20T09:00:10.000Z'
const NOTE = { Text: `Rectify run ${RUN}: remediated: nothing left to do`, UpdatedBy: 'Rectify' }
const HERE = { account: ACCOUNT, region: REGION, partition: 'aws' }
const its = (Id: string) => ({ Id, ProductArn: PRODUCT })

describe('Security Hub', () => {
  test('is told once, in a session of the run that may do nothing else, and that is kept', async () => {
    const { tell, wrote, store } = detectors(hub(kept()))
    const told = [{ to: 'securityhub', at: AT, ok: true, said: 'RESOLVED' }]
    expect(await tell(endedRun())).toEqual({ told, again: false })
    expect(wrote()).toEqual([
      {
        service: 'securityhub',
        operation: 'BatchUpdateFindings',
        input: { FindingIdentifiers: [its('finding-1')], Workflow: { Status: 'RESOLVED' }, Note: NOTE },
        place: HERE,
        options: {
          session: { name: RUN, permissions: [{ action: 'securityhub:BatchUpdateFindings', resource: '*' }] },
        },
      },
    ])
    expect(await store.told(RUN)).toEqual(told)
    expect(await tell(endedRun())).toEqual({ told, again: false })
    expect(wrote()).toHaveLength(1)
  })

  test('is told of findings that stand alike together, of others by themselves', async () => {
    const findings = ['a', 'b', 'c', 'd'].map((id) => hubFinding(id))
    const suppressed = kept({ Workflow: { Status: 'SUPPRESSED' } }, 'c')
    const { tell, wrote } = detectors(
      hub(
        kept({}, 'a'),
        kept({ Workflow: { Status: 'NOTIFIED' } }, 'b'),
        suppressed,
        kept({ Note: { Text: 'hm', UpdatedBy: 'bob' } }, 'd'),
      ),
    )
    const { told } = await tell(endedRun({ findings }))
    expect(wrote().map(({ input }) => input.FindingIdentifiers)).toEqual([[its('a'), its('b')], [its('d')]])
    expect(told).toEqual([
      { to: 'securityhub', at: AT, ok: true, said: 'RESOLVED', reason: 'SUPPRESSED stands' },
    ])
  })

  test('that refuses some findings is told of those again, and of those that it has forgotten not', async () => {
    const findings = ['a', 'b', 'gone'].map((id) => hubFinding(id))
    const left = { FindingIdentifier: its('b'), ErrorCode: 'ConcurrentUpdateError', ErrorMessage: 'busy' }
    const { tell } = detectors({
      ...hub(kept({}, 'a'), kept({}, 'b')),
      BatchUpdateFindings: () => ({ UnprocessedFindings: [left] }),
    })
    const { told, again } = await tell(endedRun({ findings }))
    expect(again).toBe(true)
    expect(told[0]).toMatchObject({
      ok: false,
      reason: expect.stringContaining('ConcurrentUpdateError: busy'),
    })
    expect(told[0]?.reason).toContain(`Security Hub has no finding gone in ${REGION}`)
    const forgotten = detectors(hub())
    expect(await forgotten.tell(endedRun())).toMatchObject({ told: [{ ok: false }], again: false })
  })

  test('is told where the finding was told: the administrator’s copy, and the region into which it was gathered', async () => {
    const admin = '999988887777'
    const origin = {
      form: 'asff',
      id: 'finding-1',
      product: PRODUCT,
      account: admin,
      region: 'us-east-1',
    } as const
    const run = endedRun({ findings: [hubFinding('finding-1', { origin })] })
    const both = detectors(hub(kept()), [ACCOUNT, admin])
    await both.tell(run)
    expect(both.wrote().map(({ place }) => place)).toEqual([{ ...HERE, account: admin, region: 'us-east-1' }])
    const own = detectors(hub(kept()), [ACCOUNT])
    await own.tell(run)
    expect(own.wrote().map(({ place }) => place)).toEqual([HERE])
    const none = detectors(hub(kept()), [])
    expect(await none.tell(run)).toMatchObject({
      told: [{ ok: false, reason: `nobody reaches account ${admin}: no role is configured for it` }],
      again: false,
    })
  })

  test('reads the live finding over all pages, twenty names at a time', async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `finding-${n}`)
    const all = ids.map((id) => kept({}, id))
    const { tell, calls, wrote } = detectors({
      ...hub(),
      GetFindings: ({ NextToken }) =>
        NextToken === undefined
          ? { Findings: all.slice(0, 15), NextToken: 'more' }
          : { Findings: all.slice(15) },
    })
    await tell(endedRun({ findings: ids.map((id) => hubFinding(id)) }))
    expect(calls.filter(({ operation }) => operation === 'GetFindings')).toHaveLength(4)
    expect(wrote().flatMap(({ input }) => input.FindingIdentifiers)).toEqual(ids.map(its))
  })
})

describe('Security Hub in its second form', () => {
  const product = `arn:aws:securityhub:${REGION}::productv2/aws/securityhub`
  const finding = hubFinding('finding-1', { origin: { form: 'ocsf', id: 'finding-1', product } })
  const there = (more: object = {}) => ({
    status_id: 1,
    cloud: { account: { uid: ACCOUNT } },
    metadata: { product: { uid: product } },
    finding_info: { uid: 'finding-1', modified_time: Date.parse('2026-11-20T08:00:00Z') },
    ...more,
  })
  const second = (more: object) => ({
    GetFindingsV2: () => ({ Findings: [there({ metadata: { product: { uid: 'another' } } }), there(more)] }),
    BatchUpdateFindingsV2: () => ({ UnprocessedFindings: [] }),
  })
  const run = endedRun({ findings: [finding] })

  test('is told by status and comment, which IAM knows under the name of the first', async () => {
    const { tell, wrote } = detectors(second({}))
    expect(await tell(run)).toMatchObject({ told: [{ ok: true, said: 'RESOLVED' }] })
    expect(wrote()).toMatchObject([
      {
        input: {
          FindingIdentifiers: [
            { CloudAccountUid: ACCOUNT, FindingInfoUid: 'finding-1', MetadataProductUid: product },
          ],
          StatusId: 4,
          Comment: NOTE.Text,
        },
        options: { session: { permissions: [{ action: 'securityhub:BatchUpdateFindings' }] } },
      },
    ])
  })

  test.each<[what: string, there: object, run: Parameters<typeof endedRun>[0]]>([
    ['suppressed', { status_id: 3 }, {}],
    ['of a status that nobody knows', { status_id: 99 }, {}],
    ['resolved already', { status_id: 4 }, {}],
    ['seen again', { finding_info: { modified_time_dt: '2026-11-20T09:05:00Z' } }, {}],
    ['not solved, which its events could not tell from news', {}, { outcome: 'failed' }],
    ['left open', {}, { outcome: 'exempted' }],
  ])('is told nothing of what is %s', async (_, more, ended) => {
    const { tell, wrote } = detectors(second(more))
    expect(await tell({ ...run, ...ended })).toMatchObject({ told: [{ ok: true, said: 'nothing' }] })
    expect(wrote()).toEqual([])
  })

  test('has it back as new once the run was undone', async () => {
    const comment = 'Rectify run 01K00000000000000000000000: remediated'
    const { tell, wrote } = detectors(second({ status_id: 4, comment }))
    await tell({ ...run, outcome: 'undone', undoOf: '01K00000000000000000000000' })
    expect(wrote()).toMatchObject([{ input: { StatusId: 1 } }])
  })
})
