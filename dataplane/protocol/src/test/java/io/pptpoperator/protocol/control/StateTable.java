package io.pptpoperator.protocol.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A table of what every event does in every state, one line each: state, event, actions and next state. */
final class StateTable {

    record Row(String state, String event, String actions, String next) {

        String outcome() {
            return actions + " -> " + next;
        }
    }

    private StateTable() {}

    static List<Row> read(String resource) throws IOException {
        try (var in = StateTable.class.getResourceAsStream(resource);
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\|", -1))
                    .map(cells -> new Row(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip()))
                    .toList();
        }
    }
}
