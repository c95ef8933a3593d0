package io.flotilla.server;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Terminal;
import io.flotilla.server.local.ExitHooks;
import io.flotilla.server.local.ParentWatch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs a server in the foreground, until it ends or the process is told to.
 *
 * @param terminal where its readiness is told
 * @param hooks run when the process is told to end
 * @param parentWatch whether it stops with its standard input
 */
record ServerRun(Terminal terminal, ExitHooks hooks, boolean parentWatch) {

  /**
   * Starts the server and waits for its end.
   *
   * @param starter may throw {@link ServerStartException}
   * @param readyLine what is told when the server is ready
   * @param reloads begins to bring new settings to the server
   * @return exit code
   * @throws CommandFailure if it cannot start, or fails
   */
  int run(
      Supplier<RunningServer> starter,
      Supplier<String> readyLine,
      Function<RunningServer, Optional<ReloadThread>> reloads) {
    NameLookups.keepShortly();
    try {
      RunningServer server = starter.get();
      Optional<ReloadThread> watch = reloads.apply(server);
      hooks.add("server-stop", server.close());
      if (parentWatch) {
        ParentWatch.start(terminal.in(), server.close());
      }
      try {
        await(CompletableFuture.anyOf(server.ready(), server.stopped()));
        if (!server.stopped().isDone()) {
          terminal.out().println(readyLine.get());
          terminal.out().flush();
        }
        await(server.stopped());
        return 0;
      } finally {
        watch.ifPresent(ReloadThread::close);
        server.close().run();
      }
    } catch (ServerStartException e) {
      throw new CommandFailure("START", String.valueOf(e.getMessage()), e);
    }
  }

  /** A failure of the server is one line, unless it is a defect. */
  private static void await(CompletableFuture<?> end) {
    try {
      end.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ServerStartException refused) {
        throw refused;
      }
      throw new CommandFailure("SERVER", "the server failed: " + e.getCause(), e);
    }
  }
}
