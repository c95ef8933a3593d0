package io.flotilla.server;

import io.flotilla.cli.CommandLineTool;
import io.flotilla.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/** Runs the command in this process and keeps what it writes. */
public final class CommandRun {
  private final ByteArrayOutputStream out;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int exitCode = -1;

  private CommandRun(Runnable whenFlushed) {
    this.out =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            whenFlushed.run();
          }
        };
  }

  /** The whole command as the jar has it. */
  public static CommandRun of(String... arguments) {
    return with(Map.of(), Main::tool, arguments);
  }

  /** The given commands. */
  public static CommandRun with(
      Map<String, String> environment,
      Function<Terminal, CommandLineTool> commands,
      String... arguments) {
    CommandRun run = new CommandRun(() -> {});
    run.run(InputStream.nullInputStream(), environment, commands, arguments);
    return run;
  }

  /** The given commands, with standard input and an action for when something was written. */
  public static CommandRun watched(
      InputStream in,
      Runnable whenFlushed,
      Function<Terminal, CommandLineTool> commands,
      String... arguments) {
    CommandRun run = new CommandRun(whenFlushed);
    run.run(in, Map.of(), commands, arguments);
    return run;
  }

  private void run(
      InputStream in,
      Map<String, String> environment,
      Function<Terminal, CommandLineTool> commands,
      String... arguments) {
    Terminal terminal = new Terminal(in, out, err, environment, false, System::nanoTime);
    exitCode = commands.apply(terminal).run(arguments);
  }

  /** Exit code. */
  public int exitCode() {
    return exitCode;
  }

  /** Standard output. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Standard output as it is. */
  public byte[] outBytes() {
    return out.toByteArray();
  }

  /** Standard error. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "exit code " + exitCode + "\n--- out\n" + out() + "--- err\n" + err();
  }
}
