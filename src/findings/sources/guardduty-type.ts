/**
 * A finding type as GuardDuty writes it today, `Recon:EC2/PortProbeUnprotectedPort`. Old findings and console exports
 * have a blank for the slash; they are the same type. User guide, "GuardDuty finding format".
 */
export function guardDutyType(type: string): string {
  return type.replace(/^([A-Za-z*]+:[A-Za-z0-9*]+)\s+(?=\S)/, '$1/')
}
