package io.flotilla.server.local;

import java.io.IOException;
import java.util.Arrays;

/** Stands for a node: says what it was told, and ends when its standard input does. */
public final class StubNode {
  static final String REFUSES = "refuses";

  private StubNode() {}

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(String.join(" ", arguments));
    if (Arrays.asList(arguments).contains(REFUSES)) {
      System.err.println("flotilla: not today");
      System.exit(1);
    }
    System.in.transferTo(System.out);
    System.out.println("stopped");
  }
}
