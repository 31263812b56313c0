import { EVERYTHING, ofAccount, ofPlaybook } from '../../../engine/rails/kill-switch.ts'
import { nearest } from '../../../policy/file/spelling.ts'
import type { PauseScope } from '../../../run/store.ts'
import { code } from '../../card/escape.ts'
import type { ReceiverPorts } from '../receiver-ports.ts'
import { type Refused, refused } from '../refusal.ts'

/** What somebody wants to pause or resume, and the words that follow it. */
export interface ScopeSaid {
  kind: 'scope'
  scope: PauseScope
  rest: string[]
}

/** So many playbooks are proposed for a name that none has. */
const MOST_PROPOSED = 5

/**
 * Reads `playbook ID …` and `account ID …`; other words are about everything. A name that no playbook has is refused:
 * whoever paused it would think that something had stopped.
 * @param standing pauses that stand: one of them may be ended though its playbook is not there any more
 */
export async function scopeSaid(
  ports: Pick<ReceiverPorts, 'playbooks'>,
  words: readonly string[],
  standing: readonly PauseScope[] = [],
): Promise<ScopeSaid | Refused> {
  const [kind, name, ...rest] = words
  switch (kind?.toLowerCase()) {
    case 'playbook': {
      const id = plain(name)
      const scope = ofPlaybook(id)
      if (standing.includes(scope)) return { kind: 'scope', scope, rest }
      const known = await ports.playbooks()
      return known.includes(id) ? { kind: 'scope', scope, rest } : unknownPlaybook(id, known)
    }
    case 'account': {
      const id = plain(name)
      return /^\d{12}$/.test(id)
        ? { kind: 'scope', scope: ofAccount(id), rest }
        : refused('usage', `Nothing was changed: ${code(id)} is not an account, which has 12 digits.`)
    }
    default:
      return { kind: 'scope', scope: EVERYTHING, rest: [...words] }
  }
}

/** `playbook \`ec2-close-open-ingress\``, for a scope that is not everything. */
export function scopeText(scope: PauseScope): string {
  const [kind, ...id] = scope.split(':')
  return `${kind} ${code(id.join(':'))}`
}

/** As people write what they have copied. */
const plain = (word = ''): string => word.replace(/^[`'"<]+|[`'">]+$/g, '')

function unknownPlaybook(id: string, known: readonly string[]): Refused {
  const near = nearest(id, known)
  const others = id.length > 1 ? known.filter((each) => each.includes(id.toLowerCase())) : []
  const proposed = [...new Set([...(near === undefined ? [] : [near]), ...others])].slice(0, MOST_PROPOSED)
  const meant =
    proposed.length > 0
      ? `Did you mean ${proposed.map(code).join(', ')}?`
      : '`rectify playbooks` lists them; to stop everything: `/rectify pause REASON`.'
  const what = id === '' ? 'say which playbook, too' : `no playbook is called ${code(id)}`
  return refused('usage', `Nothing was changed: ${what}. ${meant}`)
}
