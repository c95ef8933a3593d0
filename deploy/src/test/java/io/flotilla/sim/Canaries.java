package io.flotilla.sim;

import static io.flotilla.sim.Canary.raft;
import static io.flotilla.sim.Canary.router;
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
    all.addAll(disks());
    all.addAll(MoreCanaries.all());
    return all;
  }

  private static List<Canary> elections() {
    return List.of(
        raft(
            "votes-twice-in-a-term",
            "RoleBehavior",
            "core.vote == m.from()\n            || (core.vote == 0 && core.leaderId == 0)",
            "core.vote >= 0\n            || (core.vote == 0 && core.leaderId == 0)"),
        raft(
            "election-won-by-half",
            "Quorum",
            "int majority = voters.size() / 2 + 1;",
            "int majority = voters.size() / 2;"),
        raft(
            "old-leader-is-believed",
            "RaftCore",
            "} else if (m.term() < term) {",
            "} else if (m.term() < 0) {"),
        raft(
            "vote-for-a-shorter-log",
            "RoleBehavior",
            "mayVote && !core.holdsVotes() && core.log.isUpToDate(m.lastIndex(), m.lastTerm());",
            "mayVote && !core.holdsVotes();"));
  }

  private static List<Canary> replication() {
    return List.of(
        raft(
            "commit-by-half",
            "Quorum",
            "return values[(values.length - 1) / 2];",
            "return values[values.length / 2 + 1 < values.length ? values.length / 2 + 1 : 0];"),
        raft(
            "truncates-on-any-append",
            "RaftLog",
            "if (!matches(entry.index(), entry.term())) {",
            "if (true) {"),
        raft(
            "heartbeat-commits-unchecked",
            "LeaderRole",
            "long commit = Math.min(p.match(), core.log.committed());",
            "long commit = core.log.committed();"),
        raft(
            "commit-told-unchecked",
            "Replicator",
            "long commit = Math.min(p.match(), core.log.committed()); // R9",
            "long commit = core.log.committed();"),
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
            "readers.add(call);",
            "readers.answer(call);"),
        raft(
            "reads-before-a-commit-in-the-term",
            "LeaderRole",
            "if (!hasCommittedInTerm()) {\n      return ReadResult.NOT_READY;",
            "if (core.log.committed() < 0) {\n      return ReadResult.NOT_READY;"));
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
            "compacts-what-is-not-flushed",
            "Flusher",
            "long needed = flushed;",
            "long needed = replica.node().status().persistedIndex();"),
        shard(
            "snapshot-without-rows",
            "SnapshotExports",
            "KeySpace.rows(shard.shardId(), shard.range()),",
            ""),
        shard(
            "snapshot-without-sessions",
            "SnapshotExports",
            "KeySpace.sessions(shard.shardId()))",
            "KeySpace.sessions(Long.MAX_VALUE))"),
        shard(
            "snapshot-goes-on-with-another-file",
            "PartialSnapshot",
            "sha256.equals(offeredSha256) && totalBytes == offeredBytes;",
            "!offeredSha256.isEmpty() && durableBytes < offeredBytes;"),
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
            "compare-and-set-without-compare",
            "kv/RowWrites",
            "if (found != request.getExpectedRevision()) {",
            "if (found < 0) {"),
        shard(
            "revision-goes-back",
            "kv/KvStateMachine",
            "lastRevision = Math.max(stamp, lastRevision + 1);",
            "lastRevision = stamp;"),
        shard(
            "retry-executes-again",
            "kv/SessionTable",
            "late ? Settlements.tooLate() : first;",
            "late ? Settlements.tooLate() : null;"),
        shard(
            "evicted-session-executes-again",
            "kv/SessionTable",
            "return evicted ? (settles ? Settlements.FORGOTTEN : evicted()) : null;",
            "return evicted && settles ? Settlements.FORGOTTEN : null;"),
        shard(
            "settled-write-done-late",
            "kv/SessionTable",
            "late ? Settlements.tooLate() : first;",
            "late ? null : first;"),
        router(
            "retry-without-its-sequence",
            "ShardCall",
            "return operation.toBuilder().setContext(context).build();",
            "if (ticket.get() > 1) {\n      context.clearSessionId().clearSequence();\n    }\n"
                + "    return operation.toBuilder().setContext(context).build();"),
        shard(
            "sessions-not-copied-at-a-split",
            "kv/KvStateMachine",
            "sessions.copyTo(right.shardId());",
            ""),
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
        shard(
            "ids-given-out-twice",
            "catalog/CatalogStateMachine",
            "nextId += count;",
            "nextId += 0;"));
  }

  private static List<Canary> disks() {
    return List.of(
        shard(
            "vote-forgotten-at-a-restart",
            "Replica",
            "HardState hardState = log.hardState();",
            "HardState hardState =\n        new HardState(log.hardState().term(), 0,"
                + " log.hardState().commit());"),
        storage(
            "full-store-skips-rows",
            "StateStore",
            "plan.writeTo(txn);\n        txn.commit();",
            "plan.writeTo(txn);\n        txn.commit();\n      } catch (StoreFullException e) {\n"
                + "        return;"),
        shard(
            "amnesia-accepted",
            "catalog/NodeBook",
            ".filter(known -> known.getStoreId().equals(asked.getStoreId()))",
            ".filter(known -> known.getAddress().equals(asked.getAddress()))"),
        shard(
            "rollback-accepted",
            "transport/PeerLives",
            "first < known.getJournalBlock()",
            "first < 0"),
        raft(
            "stuck-disk-keeps-leading",
            "RaftCore",
            "return stuckDiskTicks > STUCK_DISK_ELECTION_TIMEOUTS * config.electionTicks();",
            "return stuckDiskTicks < 0;"),
        shard(
            "ticks-wait-for-the-disk",
            "Replica",
            "} else {\n            node.tick();",
            "} else if (underWay.isEmpty()) {\n            node.tick();"));
  }
}
