package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import io.flotilla.client.Settlement;
import io.flotilla.client.WriteId;
import org.junit.jupiter.api.Test;

class UnknownWritesTest {
  private static final String ID = "w1.AAAAAAAAAAEAAAAAAAAAAms";

  private final ToolRun tool = new ToolRun();

  @Test
  void theIdOfAWriteIsInItsFailure() {
    tool.cluster.kv.failure =
        new FlotillaException(ErrorCode.UNAVAILABLE, Outcome.UNKNOWN, "node 1 is gone", 2, 1)
            .of(WriteId.parse(ID));
    assertThat(tool.run("put", "k", "v")).isEqualTo(1);
    assertThat(tool.err())
        .startsWith("flotilla: node 1 is gone")
        .contains("timeout")
        .endsWith("(the write may or may not have happened: 'flotilla settle " + ID + "' tells)\n");
    assertThat(tool.run("put", "k", "v", "--output", "json")).isEqualTo(1);
    assertThat(tool.err())
        .contains("\"outcome\":\"UNKNOWN\"")
        .contains("\"write_id\":\"" + ID + "\"");
  }

  @Test
  void settle_tellsWhatBecameOfTheWrite() {
    assertThat(tool.run("settle", ID)).isZero();
    assertThat(tool.out()).isEqualTo("applied at revision 7\n");
    assertThat(tool.cluster.kv.settled).containsExactly(WriteId.parse(ID));
    assertThat(tool.run("settle", ID, "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"state\":\"APPLIED\",\"revision\":7}\n");
    tool.cluster.kv.settlement = new Settlement(Settlement.State.NEVER_APPLIED, 0);
    assertThat(tool.run("settle", ID)).isZero();
    assertThat(tool.out()).isEqualTo("never applied: it can be made anew\n");
    tool.cluster.kv.settlement = new Settlement(Settlement.State.NO_EFFECT, 0);
    assertThat(tool.run("settle", ID)).isZero();
    assertThat(tool.out()).contains("changed nothing");
  }

  @Test
  void settle_failsWhereItCannotBeTold() {
    tool.cluster.kv.settlement = new Settlement(Settlement.State.FORGOTTEN, 0);
    assertThat(tool.run("settle", ID)).isEqualTo(1);
    assertThat(tool.out()).startsWith("forgotten");
  }

  @Test
  void settle_takesNothingButAnId() {
    assertThat(tool.run("settle", "w1.x!")).isEqualTo(2);
    assertThat(tool.err()).contains("ID 'w1.x!' is no write id");
    assertThat(tool.cluster.kv.settled).isEmpty();
  }
}
