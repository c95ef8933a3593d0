package io.flotilla.raft;

import static io.flotilla.raft.Lone.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code UnstableLog} and {@code RaftLog}: what is durable, what was handed out, what is here. */
class LogPartsTest {
  private static final Membership ONE = Membership.of(1);

  private static UnstableLog unstable(Entry... entries) {
    UnstableLog log = new UnstableLog(entries[0].index());
    log.append(List.of(entries));
    return log;
  }

  @Test
  void eachEntryIsHandedOutOnce() {
    UnstableLog log = unstable(entry(1, 5, "a"), entry(1, 6, "b"));
    assertThat(log.takeUnsent()).hasSize(2);
    assertThat(log.hasUnsent()).isFalse();
    log.append(entry(1, 7, "c"));
    assertThat(log.takeUnsent()).containsExactly(entry(1, 7, "c"));
  }

  @Test
  void whatIsDurableLeavesTheUnstableLog() {
    UnstableLog log = unstable(entry(1, 5, "a"), entry(1, 6, "b"));
    log.takeUnsent();
    log.persisted(5, log.version());
    assertThat(log.offset()).isEqualTo(6);
    assertThat(log.holds(5)).isFalse();
    assertThat(log.holds(6)).isTrue();
    log.persisted(6, log.version());
    assertThat(log.lastIndex()).isEqualTo(6);
    assertThat(log.holds(6)).isFalse();
  }

  @Test
  void aWriteSaysNothingOnceSomethingOfItWasReplaced() {
    UnstableLog log = unstable(entry(1, 5, "a"), entry(1, 6, "b"));
    log.takeUnsent();
    long before = log.version();
    log.append(List.of(entry(2, 6, "z")));
    log.persisted(6, before);
    assertThat(log.offset()).isEqualTo(5);
    assertThat(log.takeUnsent()).containsExactly(entry(2, 6, "z"));
    log.persisted(6, log.version());
    assertThat(log.offset()).isEqualTo(7);
  }

  @Test
  void replacingWhatWasNotHandedOutTouchesNoWrite() {
    UnstableLog log = unstable(entry(1, 5, "a"));
    log.takeUnsent();
    long version = log.version();
    log.append(entry(1, 6, "b"));
    log.append(List.of(entry(2, 6, "z")));
    log.persisted(5, version);
    assertThat(log.offset()).isEqualTo(6);
  }

  @Test
  void entriesBeforeTheOffsetAreHiddenWhenReplaced() {
    UnstableLog log = unstable(entry(1, 5, "a"));
    log.takeUnsent();
    log.persisted(5, log.version());
    log.append(List.of(entry(2, 3, "z")));
    assertThat(log.offset()).isEqualTo(3);
    assertThat(log.lastIndex()).isEqualTo(3);
    assertThat(log.takeUnsent()).containsExactly(entry(2, 3, "z"));
  }

  @Test
  void aGapIsRefused() {
    UnstableLog log = unstable(entry(1, 5, "a"));
    assertThatThrownBy(() -> log.append(entry(1, 7, "c")))
        .isInstanceOf(RaftInvariantException.class);
    assertThatThrownBy(() -> log.append(List.of(entry(1, 7, "c"))))
        .isInstanceOf(RaftInvariantException.class);
  }

  @Test
  void aSnapshotTakesThePlaceOfEverything() {
    UnstableLog log = unstable(entry(1, 5, "a"));
    log.takeUnsent();
    long before = log.version();
    SnapshotMetadata snapshot = new SnapshotMetadata(9, 2, ONE);
    log.restore(snapshot);
    log.persisted(5, before);
    assertThat(log.offset()).isEqualTo(10);
    assertThat(log.takeUnsentSnapshot()).isEqualTo(snapshot);
    assertThat(log.takeUnsentSnapshot()).isNull();
    assertThat(log.snapshot()).isEqualTo(snapshot);
    log.snapshotPersisted(new SnapshotMetadata(8, 2, ONE));
    assertThat(log.snapshot()).as("another one is done").isEqualTo(snapshot);
    log.snapshotPersisted(snapshot);
    assertThat(log.snapshot()).isNull();
  }

  // ---- RaftLog

  private static RaftLog log(Entry... durable) {
    MemoryLog storage = new MemoryLog();
    storage.append(List.of(durable));
    return new RaftLog(storage, 0, 0);
  }

  @Test
  void aLogIsReadAcrossTheBorderOfWhatIsDurable() {
    RaftLog log = log(entry(1, 1, "a"), entry(1, 2, "b"));
    log.append(entry(2, 3, "c"));
    log.append(entry(2, 4, "d"));
    assertThat(log.entries(1, 5, Long.MAX_VALUE)).hasSize(4);
    assertThat(log.entries(2, 4, Long.MAX_VALUE))
        .containsExactly(entry(1, 2, "b"), entry(2, 3, "c"));
    assertThat(log.entries(2, 2, Long.MAX_VALUE)).isEmpty();
    long two = entry(1, 1, "a").sizeBytes() * 2;
    assertThat(log.entries(1, 5, 1)).hasSize(1);
    assertThat(log.entries(1, 5, two)).hasSize(2);
    assertThat(log.entries(2, 5, two)).hasSize(2);
    assertThat(log.entries(2, 5, two + 1)).hasSize(2);
    assertThat(log.entries(3, 5, 1)).hasSize(1);
    assertThat(log.term(2)).isEqualTo(1);
    assertThat(log.term(3)).isEqualTo(2);
    assertThat(log.persistedIndex()).isEqualTo(2);
  }

  @Test
  void theHintIsTheLastIndexNotAboveTheTerm() {
    RaftLog log = log(entry(1, 1, "a"), entry(2, 2, "b"), entry(2, 3, "c"), entry(5, 4, "d"));
    assertThat(log.lastIndexNotAboveTerm(4, 5)).isEqualTo(4);
    assertThat(log.lastIndexNotAboveTerm(4, 4)).isEqualTo(3);
    assertThat(log.lastIndexNotAboveTerm(3, 1)).isEqualTo(1);
    assertThat(log.lastIndexNotAboveTerm(9, 0)).isZero();
  }

  @Test
  void theCommitIndexNeitherFallsNorPassesTheEnd() {
    RaftLog log = log(entry(1, 1, "a"), entry(1, 2, "b"));
    log.commitTo(2);
    log.commitTo(1);
    assertThat(log.committed()).isEqualTo(2);
    assertThatThrownBy(() -> log.commitTo(3)).isInstanceOf(RaftInvariantException.class);
  }

  @Test
  void appliedNeitherFallsNorPassesWhatWasHandedOut() {
    RaftLog log = log(entry(1, 1, "a"), entry(1, 2, "b"));
    log.commitTo(2);
    assertThatThrownBy(() -> log.appliedTo(1)).isInstanceOf(RaftInvariantException.class);
    assertThat(log.takeCommitted(1)).hasSize(1);
    log.appliedTo(1);
    assertThatThrownBy(() -> log.appliedTo(2)).isInstanceOf(RaftInvariantException.class);
    assertThat(log.takeCommitted(1)).containsExactly(entry(1, 2, "b"));
    log.appliedTo(2);
    assertThatThrownBy(() -> log.appliedTo(1)).isInstanceOf(RaftInvariantException.class);
  }

  @Test
  void aStartOutsideTheLogIsRefused() {
    MemoryLog storage = new MemoryLog(5, 1);
    assertThatThrownBy(() -> new RaftLog(storage, 5, 4)).isInstanceOf(RaftInvariantException.class);
    assertThatThrownBy(() -> new RaftLog(storage, 6, 5)).isInstanceOf(RaftInvariantException.class);
    assertThat(new RaftLog(storage, 0, 5).committed()).isEqualTo(5);
  }

  @Test
  void membershipsToApplyAreFoundAfterAStart() {
    MemoryLog storage = new MemoryLog();
    storage.append(
        List.of(
            entry(1, 1, "a"),
            Lone.membershipEntry(1, 2, Lone.step(MembershipChange.Kind.ADD_LEARNER, 9))));
    assertThat(new RaftLog(storage, 1, 0).hasCommittedMembershipToApply()).isFalse();
    assertThat(new RaftLog(storage, 2, 0).hasCommittedMembershipToApply()).isTrue();
    assertThat(new RaftLog(storage, 2, 2).hasCommittedMembershipToApply()).isFalse();
  }
}
