package io.flotilla.sim;

import static io.flotilla.sim.Canary.raft;
import static io.flotilla.sim.Canary.shard;
import static io.flotilla.sim.Canary.storage;

import java.util.ArrayList;
import java.util.List;

/** The faults that the simulation must find. */
final class Canaries {
  private Canaries() {}

  static List<Canary> all() {
    List<Canary> all = new ArrayList<>(elections());
    all.addAll(replication());
    all.addAll(reads());
    all.addAll(durability());
    all.addAll(sessions());
    all.addAll(splits());
    return all;
  }

  private static List<Canary> elections() {
    return List.of(
        raft(
            "vote-forgotten-at-restart",
            "RaftCore",
            "this.vote = initial.hardState().vote();",
            "this.vote = 0;"),
        raft(
            "vote-cleared-in-the-same-term",
            "RaftCore",
            "if (newTerm > term) {",
            "if (newTerm >= term) {"),
        raft(
            "vote-for-a-shorter-log",
            "RoleBehavior",
            "mayVote && !core.holdsVotes() && core.log.isUpToDate(m.lastIndex(), m.lastTerm());",
            "mayVote && !core.holdsVotes();"));
  }

  private static List<Canary> replication() {
    return List.of(
        raft(
            "old-term-entry-committed-by-count",
            "LeaderRole",
            "reached > core.log.committed() && reached >= firstIndexOfTerm",
            "reached > core.log.committed()"),
        raft(
            "truncates-on-any-append",
            "RaftLog",
            "if (!matches(entry.index(), entry.term())) {",
            "if (true) {"),
        raft(
            "commits-beyond-what-was-verified",
            "FollowerRole",
            "core.log.commitTo(Math.min(m.commit(), lastNew));",
            "core.log.commitTo(Math.min(m.commit(), core.log.lastIndex()));"),
        raft(
            "heartbeat-commits-unchecked",
            "LeaderRole",
            "long commit = Math.min(p.match(), core.log.committed());",
            "long commit = core.log.committed();"),
        raft(
            "leader-counts-what-its-disk-lacks",
            "LeaderRole",
            "own.acknowledge(core.log.persistedIndex())",
            "own.acknowledge(core.log.lastIndex())"),
        raft(
            "acknowledges-before-the-disk",
            "FollowerRole",
            "core.sendAfterPersist(\n        new Message.AppendEntriesReply(",
            "core.send(\n        new Message.AppendEntriesReply("));
  }

  private static List<Canary> reads() {
    return List.of(
        shard(
            "reads-without-asking-a-quorum",
            "Callers",
            "(Keys.isRead(request) ? newReads : newWrites).add(call);",
            "if (Keys.isRead(request)) { applier.serve(call); } else { newWrites.add(call); }"),
        raft(
            "reads-before-a-commit-in-the-term",
            "LeaderRole",
            "if (!hasCommittedInTerm()) {\n      return ReadResult.NOT_READY;",
            "if (core.log.committed() < 0) {\n      return ReadResult.NOT_READY;"),
        shard(
            "reads-before-the-index-is-applied",
            "ReadTracker",
            "byIndex.firstKey() <= applied",
            "byIndex.firstKey() <= applied + 1"));
  }

  private static List<Canary> durability() {
    return List.of(
        storage(
            "says-durable-before-the-commit",
            "WriterQueue",
            "committer.commit(taken.stream().map(Pending::work).toList());\n        finish(taken);",
            "finish(taken);\n        committer.commit("
                + "taken.stream().map(Pending::work).toList());"),
        shard(
            "applied-index-ahead-of-the-rows",
            "Replica",
            ".setAppliedIndex(applier.appliedIndex())",
            ".setAppliedIndex(applier.appliedIndex() + (node.commitIndex()"
                + " > applier.appliedIndex() ? 1 : 0))"),
        shard(
            "snapshot-without-sessions",
            "SnapshotSender",
            "KeySpace.sessions(shard.shardId()))",
            "KeySpace.sessions(Long.MAX_VALUE))"),
        storage(
            "install-without-a-marker",
            "Installer",
            "return mark(spec)\n        .thenCompose(marked -> clear(spec.ranges()))",
            "return clear(spec.ranges())"),
        shard(
            "apply-that-depends-on-the-node",
            "kv/KvStateMachine",
            "lastRevision = Math.max(stamp, lastRevision + 1);",
            "lastRevision = Math.max(stamp, lastRevision + 1)"
                + " + (System.identityHashCode(rows) & 1);"));
  }

  private static List<Canary> sessions() {
    return List.of(
        shard(
            "retry-executes-again",
            "kv/KvStateMachine",
            "if (answered != null) {",
            "if (answered != null && answered.hasError()) {"),
        shard(
            "sessions-not-copied-at-a-split",
            "kv/KvStateMachine",
            "sessions.copyTo(right.shardId());",
            ""),
        shard(
            "timeout-called-not-applied",
            "Call",
            "Failures.unknown(\n            ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,",
            "Failures.notApplied(\n            ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,"),
        shard(
            "lost-leadership-called-not-applied",
            "ProposalTracker",
            "Failures.unknown(",
            "Failures.notApplied("));
  }

  private static List<Canary> splits() {
    return List.of(
        shard(
            "no-range-check-at-apply",
            "kv/KvStateMachine",
            "if (refused != null) {",
            "if (refused != null && lastRevision < 0) {"),
        shard("no-epoch-check-at-apply-of-a-split", "kv/KvStateMachine", "if (stale || ", "if ("),
        shard(
            "child-seen-before-the-split-is-durable",
            "Applier",
            "barrier = true;\n    FlushBatch flush",
            "barrier = false;\n    FlushBatch flush"),
        shard(
            "ids-given-out-twice",
            "catalog/CatalogStateMachine",
            "nextId += count;",
            "nextId += count - 1;"));
  }
}
