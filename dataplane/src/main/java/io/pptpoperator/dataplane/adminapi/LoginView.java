package io.pptpoperator.dataplane.adminapi;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;

/**
 * How one user's logins went lately. Components are null where there is nothing to tell.
 *
 * @param user the configured user name
 * @param lastLogin the last successful login
 * @param lastFailure the last refused login
 * @param lastFailureReason why, such as {@code bad-credentials}
 * @param address the address that the last successful login was given
 * @param from where the last login, successful or not, came from
 */
public record LoginView(String user, Instant lastLogin, Instant lastFailure, String lastFailureReason,
        Ipv4Address address, Ipv4Address from) {

    /**
     * Refuses what no data plane of ours says.
     *
     * @throws IllegalArgumentException names the field
     */
    void check() {
        Told.text("user", user, 255);
        if (lastFailure != null) {
            Told.text("lastFailureReason", lastFailureReason, 64);
        }
    }

    /** The newer parts of two histories of one user, at two servers or pods. */
    public LoginView merge(LoginView other) {
        boolean otherFailure = isAfter(other.lastFailure, lastFailure);
        boolean otherLogin = isAfter(other.lastLogin, lastLogin);
        return new LoginView(user, otherLogin ? other.lastLogin : lastLogin,
                otherFailure ? other.lastFailure : lastFailure,
                otherFailure ? other.lastFailureReason : lastFailureReason, otherLogin ? other.address : address,
                isAfter(other.latest(), latest()) ? other.from : from);
    }

    private Instant latest() {
        return isAfter(lastFailure, lastLogin) ? lastFailure : lastLogin;
    }

    private static boolean isAfter(Instant one, Instant other) {
        return one != null && (other == null || one.isAfter(other));
    }
}
