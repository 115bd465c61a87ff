package io.pptpoperator.operator.pptpdimport;

/**
 * A file to import.
 *
 * @param name its name, for messages
 * @param text its text; may hold secrets
 */
public record SourceFile(String name, String text) {

    /** The name alone. */
    @Override
    public String toString() {
        return "SourceFile[" + name + "]";
    }
}
