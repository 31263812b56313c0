/**
 * TCP ports on which web sites answer, behind which a web ACL can stand. They are meant to be open to the world: who
 * attacks them is blocked, the port is not closed.
 */
export const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443]
