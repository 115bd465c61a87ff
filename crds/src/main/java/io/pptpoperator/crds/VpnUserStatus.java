package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import java.util.List;

/** What a user is and does. Written by the operator alone. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VpnUserStatus(
        @JsonPropertyDescription("The metadata.generation that this status describes.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready means that the user can log in somewhere; kubectl wait "
                + "--for=condition=Ready waits for it.")
        List<Condition> conditions,

        @JsonPropertyDescription("Connected or Disconnected for a user who can log in; Disabled, Expired or "
                + "Invalid for one who cannot.")
        State state,

        @JsonPropertyDescription("The name that the client logs in with.")
        String username,

        @JsonPropertyDescription("Secret with the generated password: keys username and password.")
        String passwordSecret,

        @JsonPropertyDescription("When that password was generated. A Secret that is deleted is made anew, with another "
                + "password.")
        Instant passwordGenerated,

        @JsonPropertyDescription("PptpServers that accept the user, as namespace/name.")
        List<String> servers,

        @JsonPropertyDescription("Sessions right now.")
        Integer sessions,

        @JsonPropertyDescription("The newest session.")
        Session session,

        @JsonPropertyDescription("When the user last logged in.")
        Instant lastLogin,

        @JsonPropertyDescription("The last login that was refused.")
        LoginFailure lastFailure) {
    // @formatter:on

    /** Reads lists that are not there as empty ones. */
    public VpnUserStatus {
        conditions = Unset.asEmpty(conditions);
        servers = Unset.asEmpty(servers);
    }

    /** What a user can do, and does. */
    public enum State {
        /** Has a session. */
        Connected,
        /** Has none, but could. */
        Disconnected,
        /** Switched off. */
        Disabled,
        /** validUntil has passed. */
        Expired,
        /** Something is wrong with the resource; its conditions say what. */
        Invalid
    }

    /** A running session. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    // @formatter:off
    public record Session(
            @JsonPropertyDescription("The PptpServer, as namespace/name.")
            String server,

            @JsonPropertyDescription("The pod.")
            String pod,

            @JsonPropertyDescription("The address that the client got.")
            String address,

            @JsonPropertyDescription("The address that the client connected from.")
            String from,

            @JsonPropertyDescription("Since when.")
            Instant since,

            @JsonPropertyDescription("What the client does not get of the VpnUser's address and routes, and why.")
            List<String> leftOut) {
        // @formatter:on

        /** Reads a list that is not there as an empty one. */
        public Session {
            leftOut = Unset.asEmpty(leftOut);
        }
    }

    /** A login that was refused. */
    // @formatter:off
    public record LoginFailure(
            @JsonPropertyDescription("When.")
            Instant time,

            @JsonPropertyDescription("Why, such as bad-credentials.")
            String reason) {}
// @formatter:on
}
