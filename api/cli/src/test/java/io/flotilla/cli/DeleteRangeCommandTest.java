package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Outcome;
import io.flotilla.client.Value;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeleteRangeCommandTest {
  private final ToolRun tool = new ToolRun();

  @BeforeEach
  void fill() {
    for (int i = 0; i < 8; i++) {
      tool.cluster.kv.put(Key.of("a" + i), Value.of("v"));
    }
    tool.cluster.kv.put(Key.of("b"), Value.of("v"));
  }

  @Test
  void deletesPageAfterPage() {
    assertThat(tool.run("delete-range", "--prefix", "a")).isZero();
    assertThat(tool.out()).isEqualTo("deleted 8 rows\n");
    assertThat(tool.cluster.kv.rows.keySet()).containsExactly(Key.of("b"));
    assertThat(tool.run("delete-range", "--all", "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"deleted\":1}\n");
  }

  @Test
  void dryRun_onlyCounts() {
    assertThat(tool.run("delete-range", "--from", "a2", "--to", "a5", "--dry-run")).isZero();
    assertThat(tool.out()).isEqualTo("would delete 3 rows\n");
    assertThat(tool.run("delete-range", "--prefix", "b", "--dry-run", "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"would_delete\":1}\n");
    assertThat(tool.cluster.kv.rows).hasSize(9);
  }

  @Test
  void whichKeysIsToBeSaid() {
    assertThat(tool.run("delete-range")).isEqualTo(2);
    assertThat(tool.err()).contains("give --prefix, --from or --to, or --all");
    assertThat(tool.run("delete-range", "--all", "--prefix", "a")).isEqualTo(2);
    assertThat(tool.err()).contains("--all cannot be combined");
    assertThat(tool.cluster.kv.rows).hasSize(9);
  }

  @Test
  void aFailureSaysHowFarItCame() {
    tool.cluster.kv.failure =
        new FlotillaException(ErrorCode.DISK_FULL, Outcome.NOT_APPLIED, "full", 2, 1);
    tool.cluster.kv.failingPage = 2;
    assertThat(tool.run("delete-range", "--prefix", "a")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo("flotilla: full; 6 rows had been deleted before, up to key 'a6'\n");
    assertThat(tool.cluster.kv.rows).hasSize(3);
  }
}
