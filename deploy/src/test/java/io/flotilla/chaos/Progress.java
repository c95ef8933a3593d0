package io.flotilla.chaos;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a run goes, in one line. */
record Progress(CallTally tally, Nemesis nemesis, long begin) {
  String line(long now) {
    long seconds = (now - begin) / 1_000_000_000;
    String faults =
        Arrays.stream(FaultKind.values())
            .map(kind -> kind.label() + " " + nemesis.count(kind).done())
            .collect(Collectors.joining(", "));
    String suffering = nemesis.suffering();
    return String.format(
        Locale.ROOT,
        "%3d:%02d  %,d calls, %d failed, longest %,d ms; %s%s",
        seconds / 60,
        seconds % 60,
        tally.calls(),
        tally.failedCalls(),
        tally.longest().toMillis(),
        faults,
        suffering.isEmpty() ? "" : "; " + suffering + " suffers");
  }
}
