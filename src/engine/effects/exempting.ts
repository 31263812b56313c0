import { spellingsOf } from '../../playbook/resource/resource-form.ts'
import { exemptionReason, strictest } from '../../policy/decide.ts'
import type { Ruling } from '../../policy/rules.ts'
import type { Drive } from '../drive/drive.ts'

type Asking = Pick<Drive, 'run' | 'ports'>
type Exempted = Required<Pick<Ruling, 'mode' | 'reason' | 'by'>>

/** By what a run's resource is left alone that was said at run time; undefined when nobody said so. */
export async function exemptedByStore({ run, ports }: Asking): Promise<Exempted | undefined> {
  if (run.undoOf !== undefined) return undefined
  const { resource: arn, target, account, playbook } = run
  const spellings = spellingsOf({ arn, id: target.id }, account)
  const about = await ports.store.exemptionsOf(spellings, ports.clock.now())
  const found = about.find((exemption) => exemption.playbook === undefined || exemption.playbook === playbook)
  if (found === undefined) return undefined
  const by = { kind: 'exemption', origin: 'store', id: found.id } as const
  return { mode: 'exempted', reason: exemptionReason(found), by }
}

/** The policy's word on a run, and that of an exemption that was given at run time: the stricter of the two. */
export async function exempting(drive: Asking, ruling: Ruling): Promise<Ruling> {
  const exempted = await exemptedByStore(drive)
  return exempted === undefined ? ruling : strictest([ruling, { ...ruling, ...exempted }])
}
