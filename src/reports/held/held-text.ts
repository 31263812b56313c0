import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'

/** An entry of a set and who holds it. */
export interface Held {
  resource: string
  entry: string
  /** `finding`: null stands for further ones, of which the run is the last. */
  holders: { run: string; finding: string | null; until: string }[]
}

/** Who holds an address, set by set. */
export function heldText(held: readonly Held[], paint: Paint): string {
  return held
    .map(({ resource, entry, holders }) =>
      [
        `${paint.strong(visible(entry))} in ${visible(resource)}, held by`,
        ...columns(
          holders.map(({ run, finding, until }) => [
            `run ${run}`,
            `until ${until}`,
            finding === null ? 'and further findings, of which this was the last' : `for ${visible(finding)}`,
          ]),
        ).map((line) => `  ${line}`),
      ].join('\n'),
    )
    .join('\n')
}
