package io.flotilla.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--time soon               | --time: 'soon' is not a time",
        "--threads 0               | --threads 0 is not within 1 to 256",
        "--keys 10                 | --keys 10 is not within 64 to 10000",
        "--rate 0                  | --rate 0 is not within 1 to 100000",
        "--frozen long             | --frozen: 'long' is not a time",
        "--deadline 0s             | --deadline 0s is not within 1ms to 60s",
        "--deadline 61s            | --deadline 61s is not within 1ms to 60s",
        "--data src                | --data: 'src' is not empty: name a new directory",
        "elastic --splits 0        | --splits 0 is not within 1 to 1000",
        "elastic --data src        | --data: 'src' is not empty: name a new directory",
        "failover --repeats 0      | --repeats 0 is not within 1 to 1000",
        "black-hole --rounds 0     | --rounds 0 is not within 1 to 1000",
        "black-hole --phase soon   | --phase: 'soon' is not a time",
        "million-puts --puts 0     | --puts 0 is not within 1 to 10000000",
        "million-puts --overflow x | --overflow 'x' is neither wait nor fail",
        "rolling-restart --callers 0 | --callers 0 is not within 1 to 64",
        "rolling-restart --shards 65 | --shards 65 is not within 1 to 64",
        "no-server --output yaml   | Invalid value for option '--output'"
      })
  void wrongOptionIsNamed(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void helpShowsExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(
            "Exit code 0",
            "Examples:",
            "chaos elastic",
            "chaos failover",
            "chaos black-hole",
            "chaos no-server",
            "million-puts",
            "chaos rolling-restart");
  }

  private int run(String... arguments) {
    ChaosTools tools =
        new ChaosTools(
            () -> {
              throw new AssertionError("no node may be started");
            },
            System::nanoTime,
            () -> 1);
    return ChaosMain.commands(tools)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
