package io.pptpoperator.kubectl.profile;

/** Quoting for POSIX shells. */
final class ShellText {

    private ShellText() {}

    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
