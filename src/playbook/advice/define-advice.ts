import * as z from 'zod/mini'
import type { InVpc, Look } from '../inspection.ts'
import {
  compliant,
  definePlaybook,
  gone,
  notApplicable,
  type Playbook,
  type PlaybookDefinition,
  type Tags,
  type Target,
} from '../playbook.ts'
import { declaredReads } from '../setting/declared-reads.ts'
import type { Looking } from '../setting/looks.ts'
import { tagsSeen } from '../setting/read-tags.ts'
import type { Common } from '../setting/setting.ts'

/** What no program should do: what is wrong is looked at, and a person is told what to do. `S` what a look gives. */
export interface AdviceDefinition<S> extends Common<unknown> {
  /** As of a setting: default those that the finding names. */
  targets?: PlaybookDefinition<unknown, unknown>['targets']
  /** IAM actions that `targets` calls besides those of the look. */
  targetReads?: readonly string[]
  look: Looking<S>
  /** In what the look gives; left out where `tagsOf` says that there are none. */
  tags?: (seen: S) => Tags
  /** The VPC that it stands in, see `Inspection.vpc`. */
  vpc?: (seen: S) => InVpc | undefined
  /**
   * What is wrong by what was seen, in a sentence; undefined: it is as it should be. What no look can see, only a finding
   * tells: it is in `asked`, and when it is looked.
   */
  wrong: (seen: S, target: Target, asked: Look) => string | undefined
  /** What a person does then, in this order: sentences, and commands as they are typed. */
  todo: (seen: S, target: Target, asked: Look) => string[]
  /** Why it is not for this resource. */
  unless?: (seen: S, target: Target, asked: Look) => string | undefined
}

export interface AdviceState {
  wrong?: string
  todo: string[]
  unless?: string
}

/**
 * A playbook that looks and tells, and never changes anything: its run ends `notified` with what a person must do, or
 * `alreadyCompliant` once that has been done.
 */
export function defineAdvice<S>(
  definition: AdviceDefinition<S>,
): Playbook<Record<string, never>, AdviceState> {
  const { look, tags, vpc, wrong, todo, unless, targets, targetReads = [], ...common } = definition
  const declared = declaredReads(look.calls, definition.arn, definition.readsOn)
  return definePlaybook<Record<string, never>, AdviceState>({
    ...common,
    kind: 'advice',
    parameters: z.strictObject({}) as z.ZodMiniType<Record<string, never>>,
    suggestedMode: 'notify',
    ...declared,
    reads: [...new Set([...declared.reads, ...targetReads])],
    writes: [],
    ...(targets && { targets }),

    async inspect(target, parameters, aws, asked) {
      const { first } = asked
      const seen = await look.at(aws, target, { ...asked, parameters })
      if (seen === undefined) return gone
      const found = wrong(seen, target, asked)
      const not = unless?.(seen, target, asked)
      const state: AdviceState = {
        todo: found === undefined ? [] : todo(seen, target, asked),
        ...(found !== undefined && { wrong: found }),
        ...(not !== undefined && { unless: not }),
      }
      if (!first) return { state }
      const inVpc = vpc?.(seen)
      const live = tagsSeen(definition.tagsOf, tags?.(seen))
      return { state, tags: live, ...(inVpc !== undefined && { vpc: inVpc }) }
    },

    plan({ wrong, todo, unless }) {
      if (unless !== undefined) return notApplicable(unless)
      return wrong === undefined
        ? compliant({ reason: 'a person has put it right' })
        : { kind: 'advice', wrong, todo }
    },

    observe: ({ wrong }) => wrong ?? null,
  })
}
