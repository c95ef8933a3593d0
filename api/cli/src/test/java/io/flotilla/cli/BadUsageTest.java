package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BadUsageTest {
  private final ToolRun tool = new ToolRun();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "put | Missing required parameter: 'KEY'",
        "put k | Missing required parameter: 'VALUE'",
        "put k v --file f | give one of them",
        "get EMPTY | KEY is empty; a key has 1 to 480 bytes",
        "get LONG | has 481 bytes; a key has 1 to 480 bytes",
        "get --hex xyz | KEY 'xyz' is not hexadecimal",
        "get --hex --base64 00 | --hex",
        "put k v --colour | Unknown option: '--colour'",
        "scan --prefx a | did you mean",
        "scan --prefix a --from b | --prefix cannot be combined with --from and --to",
        "scan --from b --to a | --from 'b' does not come before --to 'a'",
        "scan --limit 0 | --limit '0' is not a number from 1",
        "scan --limit x | --limit",
        "scan --output xml | 'xml' is not one of [text, json]",
        "scan --endpoints localhost | --endpoints: 'localhost' has no port",
        "scan --endpoints a:1,b:99999 | the port '99999' is not a number from 0 to 65535",
        "scan --endpoints a:0 | no server is at port 0",
        "scan --endpoints ::1:7001 | an IPv6 host is written as [HOST]:PORT",
        "scan --timeout 2h | --timeout: '2h' is not between 1ms and 60s",
        "scan --timeout soon | --timeout: 'soon' is not a time",
        "get k --consistency old | 'old' is not one of [linearizable, follower, stale]",
        "get k --max-staleness 2s | --max-staleness '2s' needs --consistency stale beside it",
        "scan --consistency follower --max-staleness 2s | --max-staleness '2s' needs",
        "export a.tsv --consistency stale --max-staleness soon | --max-staleness: 'soon' is not a",
        "get k --consistency stale --max-staleness 0s | '0s' is not between 1ms and 24h",
        "get k --consistency stale --max-staleness 25h | '25h' is not between 1ms and 24h",
        "import | Missing required parameter: 'FILE'",
        "import data.csv | --format is missing and 'data.csv' does not tell it",
        "import a.tsv --format csv | 'csv' is not one of [tsv, jsonl]",
        "import a.tsv --on-error explode | is not one of [stop, skip]",
        "export | --format is missing",
        "shard | Missing command",
        "shard show two | SHARD 'two' is not an id",
        "shard show 0 | SHARD '0' is not an id",
        "shard split | Missing required parameter: 'KEY|SHARD'",
        "shard split 2 --even 1 | --even is 2 to 64, not 1",
        "shard split 2 3 --even 4 | --even takes the id of one shard, and no keys",
        "shard split x --even 4 | SHARD 'x'",
        "shard split a a | KEY 'a' stands twice",
        "shard transfer 2 | Missing required option: '--to",
        "shard change 2 | nothing to change: give --add NODE",
        "shard change 2 --add x | --add 'x' is not an id",
        "shard change 2 --add 4 --remove 4 | --remove '4': node 4 stands twice",
        "shard change 2 --add 4 --wait soon | --wait 'soon' is not a time",
        "node remove | Missing required parameter: 'NODE'",
        "node remove 0 | NODE '0' is not an id",
        "nonsense | nonsense",
        "status --watch=often | --watch: 'often' is not a time",
      })
  void wrongCommandLine_exitsWithTwoAndOneLine(String line, String message) {
    String[] arguments =
        Arrays.stream(line.split(" "))
            .map(word -> word.equals("EMPTY") ? "" : word)
            .map(word -> word.equals("LONG") ? "k".repeat(481) : word)
            .toArray(String[]::new);
    assertThat(tool.run(arguments)).isEqualTo(2);
    assertThat(tool.out()).isEmpty();
    assertThat(tool.err()).startsWith("flotilla: ").contains(message).contains("--help')");
    assertThat(tool.err().lines()).hasSize(1);
    assertThat(tool.endpoints()).as("nothing was connected").isEmpty();
  }

  @Test
  void wrongCommandLine_withJson_isAnErrorObject() {
    assertThat(tool.run("get", "--output", "json")).isEqualTo(2);
    assertThat(tool.err())
        .startsWith("{\"error\":{\"code\":\"USAGE\",\"outcome\":\"REJECTED\",\"message\":");
  }

  @Test
  void unreachableCluster_namesEachEndpointAndTheDeadline() {
    tool.cluster.kv.failure =
        new FlotillaException(
            ErrorCode.UNAVAILABLE, Outcome.NOT_APPLIED, "no server answered", 0, 0);
    assertThat(tool.run("get", "k", "--endpoints", "a:1,b:2", "--timeout", "2s")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo("flotilla: no server answered (endpoints: a:1, b:2; timeout: 2.0 s)\n");
  }

  @Test
  void unknownOutcome_isSaid() {
    tool.cluster.kv.failure =
        new FlotillaException(
            ErrorCode.LEADERSHIP_LOST, Outcome.UNKNOWN, "the leader changed", 2, 1);
    assertThat(tool.run("put", "k", "v")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo("flotilla: the leader changed (the write may or may not have happened)\n");
    assertThat(tool.run("put", "k", "v", "--output", "json")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo(
            "{\"error\":{\"code\":\"LEADERSHIP_LOST\",\"outcome\":\"UNKNOWN\","
                + "\"message\":\"the leader changed\"}}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put",
        "get",
        "delete",
        "cas",
        "scan",
        "import",
        "export",
        "shard",
        "shard list",
        "shard show",
        "shard split",
        "shard transfer",
        "node",
        "node list",
        "status",
        "version"
      })
  void help_hasExamplesAndFitsTheTerminal(String command) {
    String[] words = (command + " --help").split(" ");
    assertThat(tool.run(words)).isZero();
    assertThat(tool.out()).contains("Example").contains("  flotilla " + command);
    assertThat(tool.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void everyCommand_isListedInTheHelp() {
    assertThat(tool.run("--help")).isZero();
    for (CommandLine command : commands()) {
      assertThat(tool.out()).contains("  " + command.getCommandName() + " ");
    }
  }

  private static Iterable<CommandLine> commands() {
    Terminal terminal = new Terminal(System.in, System.out, System.err, Map.of(), false, () -> 0L);
    return new CommandLineTool(terminal).commandLine().getSubcommands().values();
  }
}
