package io.flotilla.raft;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One atomic change of membership, the payload of a MEMBERSHIP entry.
 *
 * <p>A change that touches more than one voter goes through a joint membership, which the leader
 * leaves by itself with a second entry, {@link #leaveJoint()} (Raft §6, thesis 4.3).
 *
 * @param steps taken together; empty only for leaving a joint membership
 * @param context opaque to the core, for the embedder
 */
public record MembershipChange(List<Step> steps, Payload context) {
  private static final byte VERSION = 1;

  /** What happens to one replica. The ordinals are stored: never reorder. */
  public enum Kind {
    /** Becomes a voter, from learner or from nothing. */
    ADD_VOTER,
    /** Becomes a learner, from voter or from nothing. */
    ADD_LEARNER,
    /** Leaves. */
    REMOVE
  }

  /** One replica's part in the change. */
  public record Step(Kind kind, long replicaId) {
    public Step {
      if (replicaId <= 0) {
        throw new IllegalArgumentException("replica id must be positive: " + replicaId);
      }
    }
  }

  public MembershipChange {
    steps = List.copyOf(steps);
    if (steps.stream().map(Step::replicaId).distinct().count() != steps.size()) {
      throw new IllegalArgumentException("a replica occurs twice in one change: " + steps);
    }
  }

  /** A change without context. */
  public static MembershipChange of(Step... steps) {
    return new MembershipChange(List.of(steps), Payload.EMPTY);
  }

  /** The second half of a joint change: always this fixed form, never the first one again (R14). */
  public static MembershipChange leaveJoint() {
    return new MembershipChange(List.of(), Payload.EMPTY);
  }

  /** Whether this leaves a joint membership. */
  public boolean leavesJoint() {
    return steps.isEmpty();
  }

  /**
   * What this change makes of a membership.
   *
   * @throws IllegalArgumentException if the change does not fit: joint while already joint, leaving
   *     when not joint, or no voter would be left
   */
  public Membership after(Membership before) {
    return MembershipChanger.apply(before, this);
  }

  /** Stable binary form. */
  public Payload encode() {
    int size = 1 + Integer.BYTES + steps.size() * (1 + Long.BYTES) + context.size();
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(VERSION).putInt(steps.size());
    for (Step step : steps) {
      out.put((byte) step.kind().ordinal()).putLong(step.replicaId());
    }
    out.put(context.asReadOnlyByteBuffer());
    return Payload.of(out.array());
  }

  /**
   * Reverses {@link #encode()}.
   *
   * @throws IllegalArgumentException if the bytes are not an encoded change
   */
  public static MembershipChange decode(Payload encoded) {
    ByteBuffer in = encoded.asReadOnlyByteBuffer();
    if (in.remaining() < 1 + Integer.BYTES || in.get() != VERSION) {
      throw new IllegalArgumentException("not an encoded membership change");
    }
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / (1 + Long.BYTES)) {
      throw new IllegalArgumentException("encoded change has " + count + " steps");
    }
    List<Step> steps = new ArrayList<>(count);
    Kind[] kinds = Kind.values();
    for (int i = 0; i < count; i++) {
      byte kind = in.get();
      if (kind < 0 || kind >= kinds.length) {
        throw new IllegalArgumentException("unknown kind of change: " + kind);
      }
      steps.add(new Step(kinds[kind], in.getLong()));
    }
    byte[] context = new byte[in.remaining()];
    in.get(context);
    return new MembershipChange(steps, Payload.of(context));
  }
}
