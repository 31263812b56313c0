import type { Card, CardStore } from '../run/card.ts'

/** Cards that end with the process and are kept by the same rules as in the database: for tests and trials. */
export function memoryCards(): CardStore {
  const cards = new Map<string, string>()
  const pointers = new Map<string, { card: string; round: number }>()
  const newest = new Map<string, string>()
  const cardAt = (id: string | undefined): Card | undefined => {
    const text = id === undefined ? undefined : cards.get(id)
    return text === undefined ? undefined : JSON.parse(text)
  }

  return {
    cardOf: async (run) => cardAt(pointers.get(run)?.card),
    card: async (id) => cardAt(id),
    newestOf: async (channel, playbook) => cardAt(newest.get(`${channel}#${playbook}`)),
    async put(card, joining = []) {
      const rounds = card.runs.filter(({ run }) => joining.includes(run))
      const isElsewhere = rounds.some(({ run, round }) => {
        const pointer = pointers.get(run)
        return pointer !== undefined && pointer.card !== card.id && pointer.round >= round
      })
      if ((cardAt(card.id)?.version ?? 0) !== card.version || isElsewhere) return undefined
      const stored = { ...card, version: card.version + 1 }
      cards.set(card.id, JSON.stringify(stored))
      for (const { run, round } of rounds) pointers.set(run, { card: card.id, round })
      if (rounds.length > 0) newest.set(`${card.channel}#${card.playbook}`, card.id)
      return stored
    },
  }
}
