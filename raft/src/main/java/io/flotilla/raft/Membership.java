package io.flotilla.raft;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who takes part in a shard's consensus.
 *
 * <p>While {@code outgoing} is not empty the membership is joint (Raft §6): votes, commits, reads
 * and check-quorum need a majority of {@code voters} and a majority of {@code outgoing}.
 *
 * @param voters the voters, at least one
 * @param outgoing the voters of the old half of a joint membership, else empty
 * @param learners receive the log, never vote and never count
 * @param demoted voters of the old half that become learners when the joint membership is left
 */
public record Membership(
    SortedSet<Long> voters,
    SortedSet<Long> outgoing,
    SortedSet<Long> learners,
    SortedSet<Long> demoted) {

  private static final byte VERSION = 1;

  public Membership {
    voters = copy(voters);
    outgoing = copy(outgoing);
    learners = copy(learners);
    demoted = copy(demoted);
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("a membership needs a voter");
    }
    for (long learner : learners) {
      if (voters.contains(learner) || outgoing.contains(learner)) {
        throw new IllegalArgumentException("both voter and learner: " + learner);
      }
    }
    if (!outgoing.containsAll(demoted)) {
      throw new IllegalArgumentException("demoted but not an old voter: " + demoted);
    }
    for (long voter : demoted) {
      if (voters.contains(voter)) {
        throw new IllegalArgumentException("demoted but a new voter: " + voter);
      }
    }
  }

  private static SortedSet<Long> copy(SortedSet<Long> ids) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(ids));
  }

  /** A plain membership of voters. */
  public static Membership of(long... voters) {
    return of(Arrays.stream(voters).boxed().toList(), List.of());
  }

  /** A plain membership of voters and learners. */
  public static Membership of(List<Long> voters, List<Long> learners) {
    return new Membership(
        new TreeSet<>(voters), new TreeSet<>(), new TreeSet<>(learners), new TreeSet<>());
  }

  /** Whether two majorities are needed. */
  public boolean isJoint() {
    return !outgoing.isEmpty();
  }

  /** Whether the replica votes, in either half. */
  public boolean isVoter(long replicaId) {
    return voters.contains(replicaId) || outgoing.contains(replicaId);
  }

  /** Whether the replica takes part at all. */
  public boolean contains(long replicaId) {
    return isVoter(replicaId) || learners.contains(replicaId);
  }

  /** Everyone who takes part, in the order of ids. */
  public SortedSet<Long> all() {
    SortedSet<Long> all = new TreeSet<>(voters);
    all.addAll(outgoing);
    all.addAll(learners);
    return all;
  }

  /** Stable binary form, for log entries, snapshots and metadata. */
  public Payload encode() {
    int ids = voters.size() + outgoing.size() + learners.size() + demoted.size();
    ByteBuffer out = ByteBuffer.allocate(1 + 4 * Integer.BYTES + ids * Long.BYTES);
    out.put(VERSION);
    for (SortedSet<Long> part : List.of(voters, outgoing, learners, demoted)) {
      out.putInt(part.size());
      part.forEach(out::putLong);
    }
    return Payload.of(out.array());
  }

  /**
   * Reverses {@link #encode()}.
   *
   * @throws IllegalArgumentException if the bytes are not an encoded membership
   */
  public static Membership decode(Payload encoded) {
    ByteBuffer in = encoded.asReadOnlyByteBuffer();
    if (in.remaining() < 1 || in.get() != VERSION) {
      throw new IllegalArgumentException("not an encoded membership");
    }
    Membership membership = new Membership(ids(in), ids(in), ids(in), ids(in));
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("bytes after an encoded membership");
    }
    return membership;
  }

  private static SortedSet<Long> ids(ByteBuffer in) {
    if (in.remaining() < Integer.BYTES) {
      throw new IllegalArgumentException("encoded membership is cut off");
    }
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / Long.BYTES) {
      throw new IllegalArgumentException("encoded membership names " + count + " replicas");
    }
    SortedSet<Long> ids = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      ids.add(in.getLong());
    }
    return ids;
  }
}
