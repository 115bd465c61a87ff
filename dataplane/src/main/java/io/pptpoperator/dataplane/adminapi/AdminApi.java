package io.pptpoperator.dataplane.adminapi;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The administration port's paths and headers. */
public final class AdminApi {

    /** Whether the process is worth keeping. */
    public static final String LIVENESS = "/healthz";
    /** Whether it takes new clients. */
    public static final String READINESS = "/readyz";
    /** Metrics in Prometheus' text format. */
    public static final String METRICS = "/metrics";
    /** GET: all sessions, each a {@link SessionView}. DELETE with {@code ?user=NAME}: ends all of a user. */
    public static final String SESSIONS = "/sessions";
    /** GET: how users' logins went lately, each a {@link LoginView}. */
    public static final String LOGINS = "/logins";
    /** GET: how GRE leaves, a {@link SendingView}. */
    public static final String SENDING = "/sending";
    /** GET: what is known of RADIUS servers, a {@link RadiusView}. */
    public static final String RADIUS = "/radius";
    /** POST: no new calls from now on. */
    public static final String DRAIN = "/drain";
    /** PUT or DELETE below it, with a client's address: its packets are logged, or no more. */
    public static final String DEBUG = "/debug";

    /** Sessions are answered with the SHA-256 of the {@code server.yaml} that the data plane runs with. */
    public static final String SERVER_DIGEST = "X-Pptp-Server-Config";
    /** Sessions are answered with the SHA-256 of the users that the data plane runs with. */
    public static final String USERS_DIGEST = "X-Pptp-Users-Config";

    /** Sessions are answered with the SHA-256 of the {@code users.radius.yaml} that it runs with; empty: there is none. */
    public static final String RADIUS_DIGEST = "X-Pptp-Radius-Config";

    /** Sessions are answered with the SHA-256 of the {@code users.profiles.yaml} that it runs with; empty: there is none. */
    public static final String PROFILES_DIGEST = "X-Pptp-Profiles-Config";

    /** Sessions are answered with the version of {@code users.yaml} that the data plane understands; see UsersSchema. */
    public static final String USERS_SCHEMA = "X-Pptp-Users-Schema";

    private AdminApi() {}

    /** The path of one session. DELETE: ends it. */
    public static String session(String id) {
        return SESSIONS + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
