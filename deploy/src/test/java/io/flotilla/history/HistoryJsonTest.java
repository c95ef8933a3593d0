package io.flotilla.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.history.Operation.Kind;
import io.flotilla.history.Operation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryJsonTest {
  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() throws Exception {
    AtomicLong clock = new AtomicLong();
    History history = new History(clock::incrementAndGet);
    History.Call write = history.invoke(1, Kind.WRITE, "k", "a", -1, new long[] {7, 1});
    History.Call read = history.invoke(2, Kind.READ, "k", null, -1);
    history.note("kills node 3");
    write.ok("a", 5);
    read.ok(null, -1);
    history.invoke(1, Kind.CAS, "k", "b", 4).mismatch();
    history.invoke(1, Kind.CAS, "k", "c", 5).info("DEADLINE_EXCEEDED");
    history.invoke(2, Kind.DELETE, "k", null, -1).fail("NOT_LEADER");
    history.invokeStaleRead(2, "k", 1_000).ok("a", 5);
    var unused = history.invoke(2, Kind.WRITE, "k", "d", -1);

    Calls calls = written(history);

    assertThat(calls).isEqualTo(history.calls());
    assertThat(calls.operations())
        .extracting(Operation::outcome)
        .containsExactly(
            Outcome.OK, Outcome.OK, Outcome.MISMATCH, Outcome.INFO, Outcome.FAIL, Outcome.INFO);
    assertThat(calls.staleReads()).hasSize(1);
  }

  @Test
  void lineHasTheFieldsThatAreDocumented() throws Exception {
    History history = new History(() -> 17);
    history.invoke(3, Kind.CAS, "k", "v", 2, new long[] {7, 1}).ok("v", 9);
    written(history);
    assertThat(Files.readAllLines(file()))
        .containsExactly(
            "{\"index\":0,\"type\":\"invoke\",\"process\":3,\"f\":\"cas\",\"key\":\"k\","
                + "\"value\":\"v\",\"expected\":2,\"time\":17,\"session\":[7,1]}",
            "{\"index\":1,\"type\":\"ok\",\"process\":3,\"f\":\"cas\",\"key\":\"k\","
                + "\"value\":\"v\",\"version\":9,\"time\":17}");
  }

  @Test
  void malformedLineIsRefusedWithItsPlace() throws Exception {
    assertRefused("{\"index\":0", "line 1");
    assertRefused("{\"index\":0,\"type\":\"ok\",\"process\":1,\"f\":\"read\"}", "line 1");
    String end =
        "{\"index\":0,\"type\":\"ok\",\"process\":1,\"f\":\"read\",\"key\":\"k\",\"time\":1}";
    assertRefused(end, "row 0", "no open call");
    String begin = end.replace("ok", "invoke");
    assertRefused(begin + "\n" + begin, "an open call already");
    assertRefused(begin.replace("read", "sing"), "nothing is known of its f");
    assertRefused(begin.replace("\"key\":\"k\",", ""), "no key");
    assertRefused(begin.replace("\"process\":1", "\"process\":\"one\""), "is no number");
  }

  private Path file() {
    return directory.resolve("history.jsonl");
  }

  private Calls written(History history) throws Exception {
    HistoryJson.write(history, file());
    return HistoryJson.read(file());
  }

  private void assertRefused(String text, String... parts) throws Exception {
    Files.write(file(), List.of(text));
    assertThatThrownBy(() -> HistoryJson.read(file()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContainingAll(parts);
  }
}
