/** Whose resources the sandbox holds, and where, unless a role of another account is assumed. */
export const SANDBOX_ACCOUNT = '123456789012'
export const SANDBOX_REGION = 'us-east-1'
