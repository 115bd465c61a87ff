package io.pptpoperator.crds;

/**
 * Times as resources write them, such as {@code 2030-01-01T00:00:00Z}. The API server's own {@code date-time} takes
 * more than RFC 3339 means and than {@code java.time} reads: any offset, any number of digits behind a comma.
 */
final class Times {

    static final String PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?"
            + "(Z|[+-](0[0-9]|1[0-7]):[0-5][0-9]|[+-]18:00)$";

    private Times() {}
}
