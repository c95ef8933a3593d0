package io.flotilla.raft;

/**
 * Role, term or known leader changed.
 *
 * @param role the role now
 * @param term the term now
 * @param leaderId replica that leads the term as far as known, 0 = none
 */
public record RoleChange(Role role, long term, long leaderId) {}
