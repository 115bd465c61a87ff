package io.pptpoperator.crds;

/**
 * A field that this release cannot read, although the API server has it: of a CRD older or newer than this release, or
 * of a value that the schema cannot tell from a right one.
 *
 * @param field its path, such as {@code spec.validUntil}
 * @param message what is wrong with the value, and what would be right
 */
public record UnreadableField(String field, String message) {

    /** The field under {@code spec} that holds it; empty when it is the whole of {@code spec}. */
    String top() {
        return field.startsWith("spec.") ? field.substring("spec.".length()).split("[.\\[]", 2)[0] : "";
    }

    /** Field and message, as a sentence. */
    @Override
    public String toString() {
        return field + ": " + message;
    }
}
