package io.flotilla.sim;

import picocli.CommandLine;

/** What deploy/bin/simulate runs. */
public final class SimulateMain {
  /** The launcher sets it; Java itself cannot tell whether standard error is a terminal. */
  private static final String INTERACTIVE = "flotilla.interactive";

  private SimulateMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    SimulateCommand command =
        new SimulateCommand(System::nanoTime, Boolean.getBoolean(INTERACTIVE));
    System.exit(new CommandLine(command).setUsageHelpWidth(100).execute(arguments));
  }
}
