package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.AdminClient;
import io.flotilla.client.Key;
import io.flotilla.server.Clusters;
import io.flotilla.server.local.LocalCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial runs against real nodes, with its keys in three shards, and prints what it says. */
@Timeout(180)
class TutorialIT {
  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  @Test
  void tutorialPrintsWhatItSays(@TempDir Path directory) throws Exception {
    LocalCluster cluster = CLUSTERS.start(directory, 3);
    AdminClient admin = CLUSTERS.client(cluster).admin();
    admin.splitShard(Key.of("event/05"));
    admin.splitShard(Key.of("user/"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    new Tutorial(out, cluster.endpoints().toArray(String[]::new)).run();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(String.join("", Document.blocks(TutorialTest.TUTORIAL, "text")));
  }
}
