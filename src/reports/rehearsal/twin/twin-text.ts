import { type Difference, TWIN_STATUSES, type Twin, type TwinStatus } from '../../../run/rehearsed/twin.ts'
import { count } from '../rehearsal.ts'

/** As a person is told of one. */
export const TWIN_SAYS: Record<TwinStatus, string> = {
  agrees: 'agrees',
  disagrees: 'disagrees',
  notShown: 'cannot be shown',
  notCopied: 'could not be copied',
}

/** `agrees: put right by the plan's own calls, proven, and taken back there` */
export function twinText({ status, why }: Twin): string {
  return `${TWIN_SAYS[status]}: ${why}`
}

/** Of several: `41 of 50 twins were put right and taken back, 3 disagree, 6 could not be copied`; empty where there is none. */
export function twinsSentence(twins: Readonly<Record<TwinStatus, number>>): string {
  const all = TWIN_STATUSES.reduce((sum, status) => sum + twins[status], 0)
  if (all === 0) return ''
  const others = [
    twins.disagrees > 0 ? `${twins.disagrees} ${twins.disagrees === 1 ? 'disagrees' : 'disagree'}` : '',
    twins.notShown > 0 ? `${twins.notShown} cannot be shown there` : '',
    twins.notCopied > 0 ? `${twins.notCopied} could not be copied` : '',
  ]
  const best = `${twins.agrees} of ${count(all, 'twin')} ${twins.agrees === 1 ? 'agrees' : 'agree'}`
  return [best, ...others].filter(Boolean).join(', ')
}

/** All that a twin showed, a line each, for a person. */
export function twinLines({ copied, assumed, notCopied, notShown, plan, applied, undone }: Twin): string[] {
  const ended = (what: string, { outcome, reason }: NonNullable<Twin['undone' | 'applied']>) =>
    `${what}: ${outcome ?? 'not ended'}${reason === '' ? '' : `: ${reason}`}`
  return [
    ...(copied.length > 0 ? [`copied by ${copied.join(', ')}`] : []),
    ...(assumed.length > 0 ? [`taken for granted, and made there: ${assumed.join(', ')}`] : []),
    ...notCopied.map(({ action, why }) => `not copied: ${action}: ${why}`),
    ...plan.map((each) => `the plan there is another: ${differenceText(each)}`),
    ...(applied
      ? [`sent there: ${applied.calls.join(', ') || 'nothing'}`, ended('put right there', applied)]
      : []),
    ...(undone ? [ended('taken back there', undone)] : []),
    ...(undone?.differs ?? []).map((each) => `afterwards not as before: ${differenceText(each)}`),
    ...byRead('read otherwise than before', undone?.notAsBefore ?? []),
    ...byRead('answered otherwise by the emulators', notShown),
  ]
}

/** So many fields of a read are told to a person; JSON has all. */
const MOST_FIELDS = 12

/** `answered otherwise by the emulators: ec2:DescribeVpcs: Vpcs[].OwnerId, …`, a line for each read. */
function byRead(what: string, fields: readonly string[]): string[] {
  const reads = Map.groupBy(fields, (each) => each.slice(0, each.indexOf(' ')))
  return [...reads].map(([read, its]) => {
    const names = its.slice(0, MOST_FIELDS).map((each) => each.slice(read.length + 1))
    const left = its.length - names.length
    return `${what}: ${read}: ${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
  })
}

function differenceText({ field, expected, twin }: Difference): string {
  const said = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value))
  return `${field} is ${said(expected)} and there ${said(twin)}`
}
