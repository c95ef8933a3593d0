package io.flotilla.server.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AccessFileTest {
  private static final Path FILE = Path.of("access.yaml");

  private static String grant(String prefix) {
    return "principals:\n  shop:\n    grants:\n      - {role: reader, " + prefix + "}\n";
  }

  /** 0017 is fifteen in YAML, and no is false: a prefix that nobody meant. */
  @Test
  void whatYamlTakesForSomethingElse_isToBeQuoted() {
    for (String prefix : new String[] {"prefix-hex: 0017", "prefix: no", "prefix: 1.50"}) {
      assertThatThrownBy(() -> AccessFile.parse(FILE, grant(prefix)))
          .as(prefix)
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("put it in quotes");
    }
    assertThatCode(() -> AccessFile.parse(FILE, grant("prefix-hex: '0017'")))
        .doesNotThrowAnyException();
  }

  @Test
  void tokenThatIsThereTwice_isRefused() {
    String token = "      - {sha256: " + "ab".repeat(32) + "}\n";
    String text = grant("prefix: a/") + "    tokens:\n" + token + token;
    assertThatThrownBy(() -> AccessFile.parse(FILE, text))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("twice");
  }
}
