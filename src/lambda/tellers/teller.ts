import type { Run } from '../../run/run.ts'

/** What people must know. */
export interface Words {
  /** One line. */
  subject: string
  text: string
}

/** What people must know about a stored state of a run, in words. */
export interface Notice extends Words {
  run: Run
}

/** A way in which people are told: a topic, a chat. The notifier tells every notice by each of them. */
export interface Teller {
  /** Under what it is remembered that a notice was told this way; never changed afterwards. */
  id: string
  tell(notice: Words): Promise<void>
}
