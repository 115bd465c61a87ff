package io.pptpoperator.operator.session;

import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import java.util.List;
import java.util.Optional;

/**
 * What a pod answered when it was last asked.
 *
 * @param uid the pod's; another pod of its name, later, has another
 * @param member the name under which the pod finds its part of the configuration
 * @param sessions its sessions
 * @param logins recent logins, one entry a user
 * @param serverDigest SHA-256 of the {@code server.yaml} it runs with, when it says so
 * @param usersDigest SHA-256 of the users that it runs with, when it says so
 * @param radiusDigest SHA-256 of the {@code users.radius.yaml} that it runs with, or "" for none; empty when it knows no
 *     RADIUS
 * @param profilesDigest SHA-256 of the {@code users.profiles.yaml} that it runs with, or "" for none; empty when it knows
 *     no profiles
 * @param radius what it knows of its RADIUS servers, when it has any
 * @param usersSchema which version of {@code users.yaml} it understands
 */
public record PodReport(String uid, String member, List<SessionView> sessions, List<LoginView> logins,
        Optional<String> serverDigest, Optional<String> usersDigest, Optional<String> radiusDigest,
        Optional<String> profilesDigest, Optional<RadiusView> radius, int usersSchema) {

    /** Copies the lists. */
    public PodReport {
        sessions = List.copyOf(sessions);
        logins = List.copyOf(logins);
    }

    /** How much there is to remember of it: entries, and sentences in them. */
    int size() {
        return sessions.size() + logins.size() + sessions.stream().mapToInt(session -> session.leftOut().size()).sum();

    }
}
