import type { Run } from '../../run/run.ts'

/** What people must know about something that is stored, in words. */
export interface Notice {
  /** That it is about, where it is about one. */
  run?: Run
  /** One line. */
  subject: string
  text: string
}

/** A way in which people are told: a topic, a chat. The notifier tells every notice by each of them. */
export interface Teller {
  /** Under what it is remembered that a notice was told this way; never changed afterwards. */
  id: string
  tell(notice: Pick<Notice, 'subject' | 'text'>): Promise<void>
}
