package io.flotilla.chaos;

import io.flotilla.server.local.NodeProcess;
import java.io.IOException;
import java.util.List;

/** Signals to processes; Java itself sends none that a process survives. */
final class Signals {
  private Signals() {}

  /** Lets a process do nothing at all; its connections stay open. */
  static void freeze(NodeProcess node) throws IOException, InterruptedException {
    send("-STOP", node);
  }

  /** Lets a frozen process go on. */
  static void goOn(NodeProcess node) throws IOException, InterruptedException {
    send("-CONT", node);
  }

  private static void send(String signal, NodeProcess node)
      throws IOException, InterruptedException {
    String pid = String.valueOf(node.pid().orElseThrow());
    int code = new ProcessBuilder(List.of("kill", signal, pid)).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("kill " + signal + " " + pid + " ended with " + code);
    }
  }
}
