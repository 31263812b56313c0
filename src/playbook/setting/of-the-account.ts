import type { Finding } from '../../findings/finding.ts'
import type { ArnPlace } from '../resource/fill-arn.ts'
import { type IdForm, nameIds } from '../resource/resource-form.ts'
import { type Target, targetOf } from '../resource/target.ts'

interface OfTheAccount {
  resource: string
  ids: IdForm
  arn: string
  tagsOf: string
  named(words: string, place: ArnPlace): Target
  targets(finding: Finding): Promise<Target[]>
}

/**
 * What an account has once, or once in each region: named by the account's id. AWS gives most of it no ARN; the one here
 * is for locks, exemptions and the policy file, and what is granted is said in `changes`. It has no tags, so that no rule
 * about tags is about it.
 *
 * @param arn with {id} for the account, {region} where there is one of it in each region:
 * `arn:{partition}:ec2:{region}:{account}:ebs-encryption/{id}`
 */
export function ofTheAccount(arn: string): OfTheAccount {
  const form = { resource: 'AWS::::Account', ids: nameIds(/\d/, 12, ['111122223333']), arn }
  return {
    ...form,
    tagsOf: 'the account, which has none here',
    named(words, place) {
      const target = targetOf(form, words, place)
      if (target.notUnderstood !== undefined || target.id === place.account) return target
      const notUnderstood = `"${words}" is of account ${target.id}, not ${place.account}`
      return { resource: words, id: words, key: words, notUnderstood }
    },
    // Whatever the detector names beside it: a caller's key, a principal, the account itself.
    targets: async (finding) => [targetOf(form, finding.account, finding)],
  }
}
