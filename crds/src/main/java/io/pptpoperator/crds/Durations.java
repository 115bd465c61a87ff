package io.pptpoperator.crds;

/**
 * Durations as resources write them ({@code 500ms}, {@code 20s}, {@code 5m}, {@code 1h30m}, {@code 0s}), and the CEL
 * rules that bound them. A text that is no duration passes the bounds: {@link #IS_ONE} has refused it already, and one
 * error is enough.
 */
final class Durations {

    static final int MAX_LENGTH = 32;
    private static final String PATTERN = "^([0-9]{1,6}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";

    static final String IS_ONE = "self.matches('" + PATTERN + "')";
    static final String NONE = "self + ' is not a duration such as 500ms, 30s, 5m or 1h30m; its units are h, m, s and"
            + " ms, and a day is 24h'";

    private static final String IS_NONE = "!" + IS_ONE + " || ";
    private static final String LENGTH = "duration(self)";

    static final String UP_TO_A_SECOND = IS_NONE + LENGTH + " <= duration('1s')";
    static final String TEN_MILLIS_TO_TEN_SECONDS = IS_NONE + LENGTH + " >= duration('10ms') && " + LENGTH
            + " <= duration('10s')";
    static final String A_SECOND_TO_A_MINUTE = IS_NONE + LENGTH + " >= duration('1s') && " + LENGTH
            + " <= duration('1m')";
    static final String A_SECOND_TO_TEN_MINUTES = IS_NONE + LENGTH + " >= duration('1s') && " + LENGTH
            + " <= duration('10m')";
    static final String A_SECOND_TO_AN_HOUR = IS_NONE + LENGTH + " >= duration('1s') && " + LENGTH
            + " <= duration('1h')";
    static final String OFF_OR_UP_TO_AN_HOUR = IS_NONE + LENGTH + " == duration('0s') || " + LENGTH
            + " >= duration('1s') && " + LENGTH + " <= duration('1h')";
    static final String OFF_OR_A_MINUTE_TO_A_DAY = IS_NONE + LENGTH + " == duration('0s') || " + LENGTH
            + " >= duration('1m') && " + LENGTH + " <= duration('24h')";
    static final String OFF_OR_UP_TO_A_YEAR = IS_NONE + LENGTH + " == duration('0s') || " + LENGTH
            + " >= duration('1s') && " + LENGTH + " <= duration('8760h')";

    /** Whether RADIUS servers of the spec {@code self} can be asked before a login is given up. */
    static final String RADIUS_IN_TIME = "!has(self.radius) || self.users.source == 'Resources' || "
            + "!self.radius.timeout.matches('" + PATTERN + "') || !self.authentication.timeout.matches('" + PATTERN
            + "') || duration(self.radius.timeout).getSeconds() * self.radius.attempts < "
            + "duration(self.authentication.timeout).getSeconds()";

    private Durations() {}
}
