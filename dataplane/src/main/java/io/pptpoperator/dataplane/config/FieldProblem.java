package io.pptpoperator.dataplane.config;

/**
 * What is wrong with one field of a configuration.
 *
 * @param field its path, such as {@code pools[0]}; empty for the whole file
 * @param message what is wrong and what would be right; never a secret value
 */
public record FieldProblem(String field, String message) {

    /** Path and message, in one line. */
    @Override
    public String toString() {
        return field.isEmpty() ? message : field + ": " + message;
    }

    /** Whether one of the two fields is the other one, or lies inside it. */
    boolean concernsSameFieldAs(FieldProblem other) {
        return isInside(field, other.field) || isInside(other.field, field);
    }

    private static boolean isInside(String inner, String outer) {
        return inner.startsWith(outer) && (outer.isEmpty() || inner.length() == outer.length()
                || inner.charAt(outer.length()) == '.' || inner.charAt(outer.length()) == '[');
    }
}
