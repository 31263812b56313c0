import { AwsError } from '../aws-error.ts'
import { Unplannable } from '../planned.ts'
import type { AnyPlaybook } from '../playbook.ts'

/** What may have nothing to say. */
const MAY_BE_SILENT = new Set(['coveredBy', 'pending'])

/**
 * The playbook of a user's own whose defects are its own: what one of its functions throws, or an answer that it owes,
 * ends the run that it was asked for, with the playbook and the error as the reason. Other runs go on.
 */
export function contained(playbook: AnyPlaybook): AnyPlaybook {
  const { id, subset, command } = playbook
  const own: AnyPlaybook = held(id, playbook, '')
  return {
    ...own,
    // Asked for names before there is a run.
    named(words, place) {
      try {
        return own.named(words, place)
      } catch (error) {
        return { resource: words, id: words, key: words, notUnderstood: textOf(error) }
      }
    },
    ...(subset && { subset: held(id, subset, 'subset.') }),
    ...(command && { command: held(id, command, 'command.') }),
  }
}

/** The same with every function held. */
function held<T extends object>(id: string, of: T, within: string): T {
  const entries = Object.entries(of).map(([name, value]) => [
    name,
    typeof value === 'function' ? safe(id, within + name, value.bind(of)) : value,
  ])
  return Object.fromEntries(entries)
}

function safe(id: string, name: string, run: (...given: unknown[]) => unknown) {
  const fail = (error: unknown): never => {
    if (error instanceof AwsError || error instanceof Unplannable) throw error
    throw new Unplannable(`playbook ${id}: ${name} failed: ${textOf(error)}`, { cause: error })
  }
  const answered = (answer: unknown): unknown =>
    answer === undefined && !MAY_BE_SILENT.has(name) ? fail('it gave no answer') : answer
  return (...given: unknown[]): unknown => {
    try {
      const answer = run(...given)
      return isPromise(answer) ? Promise.resolve(answer).then(answered).catch(fail) : answered(answer)
    } catch (error) {
      return fail(error)
    }
  }
}

/** By what it can do: a library may have promises of its own. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (Object(value) as { then?: unknown }).then === 'function'
}

/** Whatever may be thrown, also what cannot be told. */
function textOf(error: unknown): string {
  try {
    return String(error instanceof Unplannable ? error.message : error)
  } catch {
    return 'what it threw has no text'
  }
}
