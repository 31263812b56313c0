import type { TimeBox } from '../run/store.ts'
import { byText, type Rows, type TimeBoxKey } from './tables.ts'
import { dueAt } from './time-boxes.ts'

/** The time-boxed entries of sets as rows in memory, empty at first. */
export function timeBoxRows(): Pick<
  Rows,
  'timeBoxes' | 'timeBoxesOn' | 'timeBoxesDue' | 'putTimeBox' | 'dropTimeBox'
> {
  const timeBoxes = new Map<string, TimeBox>()
  const copy = (timeBox: TimeBox) => ({ ...timeBox })
  return {
    timeBoxes: (resource, entry) =>
      [...timeBoxes.values()]
        .filter(
          (timeBox) => timeBox.resource === resource && (entry === undefined || timeBox.entry === entry),
        )
        .sort(byEntry)
        .map(copy),
    timeBoxesOn: (entry) =>
      [...timeBoxes.values()]
        .filter((timeBox) => timeBox.entry === entry)
        .sort((a, b) => byText(a.resource, b.resource) || byEntry(a, b))
        .map(copy),
    timeBoxesDue: (now) =>
      [...timeBoxes.values()]
        .filter((timeBox) => dueAt(timeBox) <= now)
        .sort((a, b) => a.until - b.until || byText(a.resource, b.resource) || byEntry(a, b))
        .map(copy),
    putTimeBox: (timeBox) => void timeBoxes.set(holdId(timeBox), { ...timeBox }),
    dropTimeBox: (timeBox) => void timeBoxes.delete(holdId(timeBox)),
  }
}

function holdId({ resource, entry, key }: TimeBoxKey): string {
  return JSON.stringify([resource, entry, key])
}

function byEntry(a: TimeBox, b: TimeBox): number {
  return byText(a.entry, b.entry) || byText(a.key, b.key)
}
