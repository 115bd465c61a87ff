package io.pptpoperator.dataplane.admin;

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
        Ipv4Address address, Ipv4Address from) {}
