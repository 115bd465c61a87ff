package io.pptpoperator.dataplane.adminapi;

/** Checks of what a data plane tells: whoever chooses its image chooses what it says. */
final class Told {

    private Told() {}

    /** @throws IllegalArgumentException when the text is missing or too long; names the field, and not what it says */
    static void text(String field, String text, int most) {
        given(field, text);
        if (text.length() > most) {
            throw new IllegalArgumentException(field + " is longer than " + most + " characters");
        }
    }

    /** @throws IllegalArgumentException when the value is missing */
    static void given(String field, Object value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
    }
}
