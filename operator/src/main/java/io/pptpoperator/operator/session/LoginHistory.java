package io.pptpoperator.operator.session;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A user's recent logins as a data plane's {@code GET /logins} tells them.
 *
 * @param username the user's name in {@code users.yaml}
 * @param lastLogin the last login that succeeded; null when none did
 * @param lastFailure the last one that was refused; null when none was
 * @param reason why it was refused, such as {@code bad-credentials}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LoginHistory(@JsonProperty("user") String username, Instant lastLogin, Instant lastFailure,
        @JsonProperty("lastFailureReason") String reason) {

    /**
     * Refuses what no data plane of ours says: whoever chooses the image chooses what it says.
     *
     * @throws IllegalArgumentException names the field
     */
    void check() {
        Told.text("user", username, 255);
        if (lastFailure != null) {
            Told.text("lastFailureReason", reason, 64);
        }
    }

    /** The newer parts of two histories of one user. */
    public LoginHistory merge(LoginHistory other) {
        boolean otherFailure = isAfter(other.lastFailure, lastFailure);
        return new LoginHistory(username, isAfter(other.lastLogin, lastLogin) ? other.lastLogin : lastLogin,
                otherFailure ? other.lastFailure : lastFailure, otherFailure ? other.reason : reason);
    }

    private static boolean isAfter(Instant one, Instant other) {
        return one != null && (other == null || one.isAfter(other));
    }
}
