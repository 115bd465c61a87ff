package io.pptpoperator.dataplane.client.probe;

import java.util.List;
import java.util.Optional;

/**
 * What to make of a failure.
 *
 * @param meaning sentences for somebody who knows networks but not PPTP
 * @param windows what a Windows user sees in the same place
 * @param checks what to look at, the likeliest first
 */
public record Advice(String meaning, Optional<WindowsError> windows, List<String> checks) {

    /** Copies the list. */
    public Advice {
        checks = List.copyOf(checks);
    }

    static Advice of(WindowsError windows, String meaning, String... checks) {
        return new Advice(meaning, Optional.of(windows), List.of(checks));
    }

    static Advice of(String meaning, String... checks) {
        return new Advice(meaning, Optional.empty(), List.of(checks));
    }
}
