import { InvalidArgumentError } from 'commander'
import { didYouMean } from '../../policy/file/spelling.ts'

/**
 * Names that are listed with commas, each one of those that are known; capitals and blanks do not count.
 * @param what as a message calls one of them
 * @throws InvalidArgumentError naming the first that is not known
 */
export function listOf<Name extends string>(what: string, text: string, known: readonly Name[]): Name[] {
  const named = text.split(',').map((name) => {
    const found = known.find((each) => each.toLowerCase() === name.trim().toLowerCase())
    if (found) return found
    const advice = didYouMean(name, known) || `; there are ${known.join(', ')}`
    throw new InvalidArgumentError(`"${name}" is no ${what}${advice}`)
  })
  return [...new Set(named)]
}
