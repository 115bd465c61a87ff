package io.pptpoperator.operator.pptpdimport;

/**
 * Something to say about one line.
 *
 * @param file the file
 * @param line the line, the first one is 1; 0 for the file as a whole
 * @param message what is to be said; never a secret
 */
public record Remark(String file, int line, String message) {

    /** File, line and message with colons between them. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + message;
    }
}
