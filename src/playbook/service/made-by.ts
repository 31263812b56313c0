/** The same for every copy of Rectify in a process: a user's file may import another one than the program is. */
const MADE_BY = Symbol.for('rectify.madeBy')

type Maker = 'definePlaybook' | 'defineService' | 'moreOperations' | 'defineCopies'

/** Says of a value what made it, without anybody seeing it who lists or prints its fields. */
export function madeBy<T extends object>(maker: Maker, value: T): T {
  return Object.defineProperty(value, MADE_BY, { value: maker })
}

/** What made a value; undefined for whatever did not come from here. */
export function makerOf(value: unknown): Maker | undefined {
  if (typeof value !== 'object' || value === null || !(MADE_BY in value)) return undefined
  return value[MADE_BY] as Maker
}
