package io.flotilla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.Payload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real disk and its model do the same. */
class StoreFilesTest {
  @TempDir Path directory;

  private List<StoreFiles> both() {
    return List.of(new DiskFiles(directory), new SimFiles());
  }

  private static void append(StoreFiles.Appender out, String text) {
    try (out) {
      out.append(Payload.utf8(text));
      out.sync();
    }
  }

  @Test
  void fileIsGoneOnWithAfterSoManyBytesAndTheRestIsCutOff() {
    for (StoreFiles files : both()) {
      append(files.create("in-1"), "first and torn");

      append(files.resume("in-1", 6), "second");

      assertThat(files.readAll("in-1")).isEqualTo(Payload.utf8("first second"));
      assertThat(files.size("in-1")).isEqualTo(12);
    }
  }

  @Test
  void fileThatHasLessIsNotGoneOnWith() {
    for (StoreFiles files : both()) {
      append(files.create("in-1"), "short");

      assertThatThrownBy(() -> files.resume("in-1", 6)).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> files.resume("in-2", 1)).isInstanceOf(StoreException.class);
      assertThat(files.readAll("in-1")).isEqualTo(Payload.utf8("short"));
    }
  }

  @Test
  void roomIsLeft() {
    for (StoreFiles files : both()) {
      assertThat(files.freeBytes()).isPositive();
    }
  }
}
