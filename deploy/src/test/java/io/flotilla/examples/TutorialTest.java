package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tutorial shows the code that {@link TutorialIT} runs. */
class TutorialTest {
  static final Path TUTORIAL = Document.PROJECT.resolve("docs/tutorial.md");

  private static final Path SOURCE =
      Document.PROJECT.resolve("deploy/src/test/java/io/flotilla/examples/Tutorial.java");

  @Test
  void tutorialShowsItsSource() throws IOException {
    assertThat(Document.blocks(TUTORIAL, "java"))
        .isNotEmpty()
        .isEqualTo(Document.regions(SOURCE, "// tutorial", "// end"));
  }
}
