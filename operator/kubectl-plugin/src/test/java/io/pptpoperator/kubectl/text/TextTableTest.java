package io.pptpoperator.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table = new TextTable(List.of("USER", "ADDRESS"));
        table.add(List.of("a", "10.8.0.2"));
        table.add(List.of("someone-else", ""));

        assertThat(table).hasToString("""
                USER           ADDRESS
                a              10.8.0.2
                someone-else   <none>
                """);
    }

    @Test
    void whatADeviceCallsItselfDoesNotMoveTheCursor() {
        var table = new TextTable(List.of("COMPUTER"));
        table.add(List.of("PC\u001b[2J\n"));

        assertThat(table).hasToString("COMPUTER\nPC?[2J?\n");
    }

    @Test
    void aRowHasAsManyCellsAsTheHeader() {
        var table = new TextTable(List.of("USER"));

        assertThatThrownBy(() -> table.add(List.of("a", "b"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 cells under 1 headings");
    }
}
