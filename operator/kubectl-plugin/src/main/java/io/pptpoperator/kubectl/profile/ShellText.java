package io.pptpoperator.kubectl.profile;

/** Quoting for POSIX shells. */
final class ShellText {

    private ShellText() {}

    /** One word: the text itself where a shell finds nothing in it. */
    static String word(String text) {
        return text.matches("[0-9A-Za-z][-.0-9A-Za-z]*") ? text : quoted(text);
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
