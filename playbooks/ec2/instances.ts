import type { Instance, Reservation } from '@aws-sdk/client-ec2'

/** By filter, so that reads of many instances go as one call and a missing one does not fail the rest. */
export function ofInstance(id: string): { Filters: { Name: string; Values: string[] }[] } {
  return { Filters: [{ Name: 'instance-id', Values: [id] }] }
}

/** The instance among what was listed; undefined: it is not there. */
export function instanceIn(reservations: readonly Reservation[], id: string): Instance | undefined {
  return reservations.flatMap(({ Instances }) => Instances ?? []).find(({ InstanceId }) => InstanceId === id)
}

/** Whether it is on its way out, or listed although it has gone. Without a state it is listed all the same: that is not over. */
export function isOver({ State }: Instance): boolean {
  return State?.Name === 'terminated' || State?.Name === 'shutting-down'
}
