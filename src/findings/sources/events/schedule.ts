import { required, text } from '../../fields.ts'
import type { SourceReader } from '../source.ts'
import { notice } from '../told-notice.ts'

/**
 * A schedule whose time has come: a rule of EventBridge, or a schedule of EventBridge Scheduler (whose detail is the
 * text "{}"). Its type is the name of the rule or schedule; nothing is wrong with anything.
 */
export const schedule: SourceReader = {
  recognises: (_body, told) =>
    told.source === 'aws.scheduler' ||
    (told.source === 'aws.events' && told.detailType === 'Scheduled Event'),
  read(body, told) {
    const arn = told.resources?.find((each) => /:(rule|schedule)\//.test(each))
    const name = required('resources[0]', arn?.slice(arn.lastIndexOf('/') + 1) || text(body, 'name'))
    return notice('schedule', name, body, told, { title: `${name} is due` })
  },
}
