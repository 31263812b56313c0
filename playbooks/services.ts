/** Every service that the playbooks call, as `rectify/playbook` hands it on. A new one is a folder of its own and a line here. */
export { config as configService } from './config/service.ts'
export { ec2 } from './ec2/service.ts'
export { iam } from './iam/service.ts'
export { rds } from './rds/service.ts'
export { s3 } from './s3/service.ts'
export { ssm } from './ssm/service.ts'
export { wafv2 } from './wafv2/service.ts'
