package io.pptpoperator.operator.session;

/** Checks of what a pod told. */
final class Told {

    private Told() {}

    static String text(String field, String text, int most) {
        given(field, text);
        if (text.length() > most) {
            throw new IllegalArgumentException(field + " is longer than " + most + " characters");
        }
        return text;
    }

    static void given(String field, Object value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
    }
}
