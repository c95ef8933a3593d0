package io.flotilla.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Key;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void sample_hasTheExtract() {
    Sample sample = Sample.read();
    assertThat(sample.size()).isEqualTo(2_000);
    assertThat(sample.records()).containsKey(Key.of("MX/30/124/Papantla de Olarte"));
  }

  @Test
  void checksum_isThatOfTheSortedLines() {
    Sample sample = Sample.of("é\t1\nz\t2\na\t3\n");
    byte[] sorted = "a\t3\nz\t2\né\t1\n".getBytes(StandardCharsets.UTF_8);
    assertThat(sample.checksum()).isEqualTo(Sample.checksum(sorted));
  }

  @Test
  void splitKeys_cutIntoEqualParts() {
    Sample sample = Sample.of("a\t\nb\t\nc\t\nd\t\ne\t\nf\t\ng\t\nh\t\n");
    assertThat(sample.splitKeys(4)).isEqualTo(List.of(Key.of("c"), Key.of("e"), Key.of("g")));
    assertThat(Sample.read().splitKeys(8)).doesNotHaveDuplicates().hasSize(7).isSorted();
  }
}
