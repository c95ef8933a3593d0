package io.flotilla.sim;

import static io.flotilla.sim.Canary.raft;
import static io.flotilla.sim.Canary.router;
import static io.flotilla.sim.Canary.shard;
import static io.flotilla.sim.Canary.storage;

import java.util.ArrayList;
import java.util.List;

/** Faults that only the invariants see soon, or that need leases, changes of replicas, bounds. */
final class MoreCanaries {
  private MoreCanaries() {}

  static List<Canary> all() {
    List<Canary> all = new ArrayList<>(votes());
    all.addAll(quorums());
    all.addAll(reads());
    all.addAll(leases());
    all.addAll(removals());
    all.addAll(applies());
    return all;
  }

  private static List<Canary> votes() {
    return List.of(
        raft(
            "speaks-before-its-term-is-on-disk",
            "RaftNode",
            "if (hardStatesUnderWay > 0 && !now.isEmpty()) {",
            "if (hardStatesUnderWay < 0 && !now.isEmpty()) {"),
        raft(
            "vote-cleared-in-the-same-term",
            "RaftCore",
            "setTerm(newTerm);\n    leaderId = leader;",
            "setTerm(newTerm);\n    vote = 0;\n    leaderId = leader;"),
        raft(
            "pre-vote-raises-the-term",
            "RaftCore",
            "return true; // a question changes nothing (thesis 9.6)",
            "setTerm(request.term());"),
        shard(
            "hard-state-overwritten-at-a-split",
            "ReplicaStarter",
            "Math.max(before.term(), row.getAppliedTerm()), ahead ? before.vote() : 0, applied)",
            "ahead ? row.getAppliedTerm() : row.getAppliedTerm(), 0, applied)"));
  }

  private static List<Canary> quorums() {
    return List.of(
        raft(
            "learners-count-for-commits",
            "Quorum",
            "long incoming = reached(membership.voters(), value);",
            "long incoming =\n        membership.all().stream().map(id -> value.applyAsLong(id))"
                + ".sorted(java.util.Comparator.reverseOrder())"
                + ".skip(membership.voters().size() / 2).findFirst().orElseThrow();"),
        raft(
            "one-majority-in-a-joint-membership",
            "Quorum",
            "? Math.min(incoming, reached(membership.outgoing(), value))",
            "? incoming"),
        raft(
            "former-terms-committed-by-count",
            "Replicator",
            "if (reached > core.log.committed() && reached >= firstIndexOfTerm) {",
            "if (reached > core.log.committed()) {"));
  }

  private static List<Canary> reads() {
    return List.of(
        shard(
            "stale-read-beyond-its-bound",
            "Readers",
            "|| (ageKnown && !applier.isAtBarrier() && ageNanos() <= millis * NANOS_PER_MILLI);",
            "|| (!applier.isAtBarrier() && millis > 0);"),
        shard(
            "follower-read-without-its-index",
            "Readers",
            "if (request.getContext().getConsistency() != Consistency.CONSISTENCY_STALE) {",
            "if (request.getContext().getConsistency()\n"
                + "        == Consistency.CONSISTENCY_LINEARIZABLE) {"),
        shard(
            "no-range-check-at-a-read",
            "Applier",
            "if (!Keys.allInside(request, machine.descriptor().range())) {",
            "if (machine.descriptor().range() == null) {"),
        raft(
                "read-joins-a-round-under-way",
                "ReadIndexTracker",
                "open();\n    waiting.addLast(",
                "if (sent.isEmpty()) {\n      open();\n    }\n    waiting.addLast(")
            .inOneGroup());
  }

  private static List<Canary> leases() {
    return List.of(
        raft(
            "lease-not-suspended-by-a-transfer",
            "LeaderReads",
            "&& !transfer.isUnderWay()\n        && !transfer.toldSomeoneToCampaign()\n",
            "\n"),
        raft(
            "lease-lasts-too-long",
            "LeaderReads",
            "&& core.now - rounds.confirmedTick() < core.config.leaseTicks();",
            "&& core.now - rounds.confirmedTick() < 3L * core.config.electionTicks();"),
        shard(
            "lease-does-not-see-the-clock",
            "LeaseTicks",
            "long due = Math.floorDiv(nowNanos, tickNanos);",
            "long due = seen + 1;"),
        raft(
                "no-votes-held-after-a-restart",
                "RaftCore",
                "voteHoldTicks = config.leaderLease() ? config.electionTicks() : 0;",
                "voteHoldTicks = 0;")
            .inOneGroup());
  }

  private static List<Canary> removals() {
    return List.of(
        shard(
            "tombstone-not-written",
            "RemovedReplicas",
            "flush.putMeta(KeySpace.tombstone(key.shardId()),"
                + " Payload.of(row.build().toByteArray()));",
            "flush.bytes();"),
        shard(
            "removed-without-proof",
            "StaleReplicas",
            "return fromCatalog.nodeOf(replicaId) == 0\n        && ",
            "return replicaId > 0\n        && "),
        raft(
                "learner-promoted-too-early",
                "LeaderRole",
                "return !promotes || replicator.isCaughtUp(step.replicaId());",
                "return !promotes || step.replicaId() > 0;")
            .inOneGroup(),
        shard(
            "split-at-any-epoch",
            "kv/KvStateMachine",
            "boolean stale = !Descriptors.fromProto(request.getExpectedEpoch())"
                + ".equals(descriptor.epoch());",
            "boolean stale = false;"));
  }

  private static List<Canary> applies() {
    return List.of(
        shard(
            "applies-in-no-order",
            "kv/KvStateMachine",
            "for (Command command : batch.getCommandsList()) {",
            "for (Command command :\n        new java.util.TreeMap<>(\n"
                + "                batch.getCommandsList().stream()\n"
                + "                    .collect(java.util.stream.Collectors.toMap(\n"
                + "                        System::identityHashCode, c -> c, (a, b) -> a)))\n"
                + "            .values()) {"),
        storage(
            "rows-flushed-apart-from-their-index",
            "StateStore",
            "plan.put(Table.INSTALLS, JOURNAL_MARK, Keys.ofLong(newestJournalBlock.getAsLong()));",
            "FlushPlan meta = new FlushPlan();\n      group.forEach(batch -> batch.ops().forEach(op"
                + " -> {\n        if (op instanceof FlushBatch.Op.Meta row) {\n"
                + "          row.value().ifPresent(v -> meta.put(Table.META, row.key(), v));\n"
                + "        }\n      }));\n      try (OrderedStore.WriteTxn txn ="
                + " store.beginWrite()) {\n        meta.writeTo(txn);\n        txn.commit();\n"
                + "      }"),
        storage(
            "install-leaves-no-mark",
            "Installer",
            "txn.put(Table.INSTALLS, Keys.ofReplica(spec.replica()), InstallCodec.encode(spec));",
            "InstallCodec.encode(spec);"),
        shard(
            "apply-asks-the-clock",
            "kv/KvStateMachine",
            "lastRevision = Math.max(stamp, lastRevision + 1);",
            "lastRevision = Math.max(stamp, lastRevision + 1) + (System.nanoTime() & 1);"),
        router(
            "timeout-called-not-applied",
            "Attempts",
            ".setOutcome(uncertain ? Outcome.OUTCOME_UNKNOWN : Outcome.OUTCOME_NOT_APPLIED)",
            ".setOutcome(Outcome.OUTCOME_NOT_APPLIED)"));
  }
}
