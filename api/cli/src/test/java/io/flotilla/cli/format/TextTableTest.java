package io.flotilla.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void lines_alignsWideAndCombiningCharacters() {
    TextTable table = new TextTable().left("NAME").right("N").left("END");
    table.row("日本", 5, "a").row("e\u0301", 1234, "").row("plain name", 7, "x");
    assertThat(table.lines())
        .containsExactly(
            "NAME           N  END",
            "日本           5  a",
            "e\u0301           1234",
            "plain name     7  x");
  }

  @Test
  void row_withAnotherNumberOfCells_isRefused() {
    assertThatThrownBy(() -> new TextTable().left("A").row(1, 2))
        .hasMessage("a row of 2 cells under 1 columns");
  }
}
