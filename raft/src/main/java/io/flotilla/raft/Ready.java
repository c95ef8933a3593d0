package io.flotilla.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a replica wants done, handed out by {@link RaftNode#ready()}: the hinge between the core
 * and the world.
 *
 * <p>The embedder
 *
 * <ol>
 *   <li>sends {@code messages} at once,
 *   <li>makes {@code hardState}, {@code entries} and {@code snapshot} durable, all or nothing, in
 *       the order in which Readys were handed out; several may be under way,
 *   <li>then calls {@link RaftNode#persisted} and sends {@code messagesAfterPersist},
 *   <li>applies {@code committed} in order, at its own pace, and calls {@link RaftNode#applied},
 *   <li>serves each read of {@code readStates} once its index is applied.
 * </ol>
 *
 * @param hardState to be made durable, null = as before
 * @param entries to be appended; they take the place of any entries at or after the first one's
 *     index
 * @param snapshot to be installed; the log then restarts after its index
 * @param messages may leave now
 * @param messagesAfterPersist may leave only after this Ready and all before are durable (R1, R18):
 *     votes, acknowledgements, and anything said in a term that is not durable yet
 * @param committed committed and durable here (R33), in order, without gap to the Ready before
 * @param readStates reads whose index is confirmed
 * @param roleChange null = as before
 */
public record Ready(
    @Nullable HardState hardState,
    List<Entry> entries,
    @Nullable SnapshotMetadata snapshot,
    List<Message> messages,
    List<Message> messagesAfterPersist,
    List<Entry> committed,
    List<ReadState> readStates,
    @Nullable RoleChange roleChange) {

  /** Whether anything must be made durable. If not, {@code persisted} is still to be called. */
  public boolean needsPersistence() {
    return hardState != null || !entries.isEmpty() || snapshot != null;
  }
}
