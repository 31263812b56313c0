type Fields = Record<string, unknown>

/** How reads of one operation are joined and their answer is split again. */
export interface Joinable {
  /** List field of the answer. */
  items: string
  /** Most ids that one call may name. */
  most: number
  /** Whether a policy may allow some ids and not others: then one denied id denies the whole call. */
  authorisedById?: true
  /** The ids that an input asks for; undefined when it asks in another way. */
  ids(input: Fields): string[] | undefined
  /** The same input for these ids. */
  withIds(input: Fields, ids: string[]): Fields
  /** The ids that an item answers. */
  idsOf(item: Fields): string[]
  /** What of an item belongs to a caller who asked for these ids; default all of it. */
  part?(item: Fields, wanted: ReadonlySet<string>): Fields
}

/** Ids in the values of the one filter of that name; `nameKey` is what the service calls a filter's name. */
export function byFilter(nameKey: 'Name' | 'Key', name: string): Pick<Joinable, 'ids' | 'withIds'> {
  const isIt = (filter: Fields) => filter[nameKey] === name
  return {
    ids(input) {
      const own = fieldsOf(input.Filters).filter(isIt)
      return own.length === 1 ? texts(own[0]!.Values) : undefined
    },
    withIds(input, ids) {
      const filters = fieldsOf(input.Filters).map((filter) =>
        isIt(filter) ? { ...filter, Values: ids } : filter,
      )
      return { ...input, Filters: filters }
    },
  }
}

/** Ids in a list of the input. */
export function byList(field: string): Pick<Joinable, 'ids' | 'withIds'> {
  return { ids: (input) => texts(input[field]), withIds: (input, ids) => ({ ...input, [field]: ids }) }
}

/** An item answers the one id in this field. */
export function idIn(field: string): Joinable['idsOf'] {
  return (item) => [String(item[field])]
}

/** A list of an item. */
export function fieldsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : []
}

function texts(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []
  return list.length > 0 ? list : undefined
}
